// The embedded stand-in for RabbitMQ; loses everything with the process, and is otherwise held to the same contract.
import type { DriverContext, Exchange, Queue, QueueDriver, Sink } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { createPresence } from './presence.ts'
import { EmbeddedQueueSource } from './queue-source.ts'
import type { EmbeddedQueues, Sent } from './queues.ts'
import { Reach } from './reach.ts'
import { EmbeddedRequests } from './requests.ts'
import { streamView } from './stream-view.ts'

/** With what tests and simulation do to a process. */
export interface EmbeddedQueueDriver extends QueueDriver {
  /** The network between this process and the broker is gone: others take what it holds. */
  cut(): void
  heal(): void
  /** Its channels are closed at once, whatever it is at work on; it may open others. */
  expel(): void
  /** The process is killed: nothing is drained, what it has not settled goes to others at once. */
  crash(): void
}

export function createEmbeddedQueueDriver(
  queues: EmbeddedQueues,
  context: DriverContext,
): EmbeddedQueueDriver {
  const reach = new Reach()
  queues.reachedBy(reach)
  const { absence, ...driver } = createPresence('RabbitMQ', 'SLU5301', reach.gate, context)
  const sources = new Set<EmbeddedQueueSource>()
  const differs = ({ name, address, at }: Queue | Exchange, found: string, wanted: string) =>
    context.log.warn(
      { code: 'SLU5306', name, address, at: `${at.file}:${at.line}` },
      `${address} exists and is not as fleet.yaml declares it; it is left alone: it is ${found}, not ${wanted}.`,
    )
  const ensureQueue = (queue: Queue): boolean => {
    const { address, type, bindings } = queue
    const created = queues.create(address, type, queue)
    const found = queues.typeOf(address)
    if (found !== undefined && found !== type) differs(queue, found, type)
    for (const { exchange, key } of bindings)
      if (!queues.bind(address, exchange, key))
        throw new SluiceError('SLU5304', {
          message: `queue ${address} is bound to exchange ${exchange}, which does not exist`,
        })
    return created
  }
  const ensureExchange = (exchange: Exchange): boolean => {
    const { address, type } = exchange
    const created = queues.createExchange(address, type)
    const found = queues.exchangeTypeOf(address)
    if (found !== undefined && found !== type) differs(exchange, found, type)
    return created
  }
  const present = () => {
    const absent = absence()
    if (absent !== undefined) throw absent
  }
  const requests = new EmbeddedRequests(queues, context, present)
  reach.readers.add(requests)
  return {
    ...driver,
    requests,
    async close() {
      requests.cut()
      await Promise.all([...sources].map((source) => source.stop()))
      sources.clear()
      await driver.close()
    },
    cut: () => reach.cut(),
    heal: () => reach.heal(),
    expel() {
      reach.cut()
      reach.heal()
    },
    crash() {
      for (const source of sources) source.crash()
      reach.cut()
    },
    source(options) {
      const source = new EmbeddedQueueSource(options, queues, context, reach)
      sources.add(source)
      return source
    },
    sink: ({ address }) => sinkOf(present, address, (message) => queues.push(address, message)),
    view: ({ address }) => streamView(queues, address, present),
    exchange: ({ address }) =>
      sinkOf(present, address, (message) => queues.route(address, message)),
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async ensureExchanges(wanted) {
      present()
      return wanted.filter(ensureExchange).map(({ address }) => address)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async ensureQueues(wanted) {
      present()
      return wanted.filter(ensureQueue).map(({ address }) => address)
    },
  }
}

const sinkOf = (
  present: () => void,
  address: string,
  put: (message: Parameters<Sink['send']>[0]) => Sent,
): Sink => ({
  // oxlint-disable-next-line require-await -- the port is asynchronous
  async send(message) {
    present()
    const sent = put(message)
    if (sent === 'unroutable')
      throw new SluiceError('SLU5304', {
        message: `no queue takes what goes to ${address}: message ${message.id} was returned`,
      })
    if (sent === 'refused')
      throw new SluiceError('SLU5303', { message: `${address} refused message ${message.id}` })
  },
})
