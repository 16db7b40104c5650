// The RabbitMQ driver on amqplib; nothing of amqplib leaves this folder, and no message is sent twice by itself.
import type { DriverContext, Exchange, Queue, QueueDriver } from '../../core/contract.ts'
import { Supervisor } from '../../core/supervisor.ts'
import { away, nameOf, type Place, type RabbitmqSettings } from './errors.ts'
import { openLink, type RabbitmqLink } from './link.ts'
import { forStream } from './outbound.ts'
import { streamView } from './stream-view.ts'
import { RabbitmqRequests } from './requests.ts'
import { RabbitmqSource } from './source.ts'

export type { RabbitmqSettings } from './errors.ts'

/** How long `close` waits for confirms that are under way. */
const DRAIN_MS = 5_000

/**
 * One connection and one confirm channel for everything that is published, and one connection for each source. Sends at most 1,000 unconfirmed messages
 * and answers each within 10 s: confirmed (and routed), refused, returned, or unknown.
 */
export function createRabbitmqDriver(
  settings: RabbitmqSettings,
  context: DriverContext,
): QueueDriver {
  const place: Place = { settings, origin: context.origin }
  const queues = new Map<string, Queue>()
  const exchanges = new Map<string, Exchange>()
  const limit = { bytes: Infinity }
  const sources = new Set<RabbitmqSource>()
  let closed = false
  const supervisor = new Supervisor<RabbitmqLink>({
    world: context.world,
    log: context.log,
    name: nameOf(place),
    absent: () => away(place, closed ? 'was closed' : 'is not connected'),
    open: (lost, signal) =>
      openLink(
        {
          place,
          context,
          topology: { exchanges: [...exchanges.values()], queues: [...queues.values()] },
          limit,
          lost,
        },
        signal,
      ),
  })
  const withLink = <T>(use: (link: RabbitmqLink) => Promise<T>): Promise<T> =>
    closed || supervisor.link === undefined
      ? Promise.reject(supervisor.failure)
      : use(supervisor.link)
  const requests = new RabbitmqRequests(place, context, (to, message) =>
    withLink(({ publisher }) => publisher.send(to, message)),
  )
  return {
    requests,
    connect: () => supervisor.connect(),
    isUp: () => supervisor.link !== undefined,
    whenUp: (signal) => supervisor.whenUp(signal),
    ping: () => withLink((link) => link.ping()),
    async close() {
      closed = true
      await Promise.all([...sources].map((source) => source.stop()))
      await requests.close()
      await drain(context, supervisor.link)
      await supervisor.close()
    },
    source(options) {
      const source = new RabbitmqSource(options, place, context)
      sources.add(source)
      return source
    },
    sink: ({ address, type }) => ({
      send(message) {
        const carried = type === 'stream' ? forStream(message) : message
        return withLink(({ publisher }) => publisher.send({ exchange: '', key: address }, carried))
      },
    }),
    exchange: ({ address }) => ({
      send: (message) =>
        withLink(({ publisher }) =>
          publisher.send({ exchange: address, key: message.routingKey ?? '' }, message),
        ),
    }),
    view: ({ address }) => streamView((start) => withLink((link) => link.read(address, start))),
    async ensureExchanges(wanted) {
      const created = await withLink((link) => link.ensure({ exchanges: wanted, queues: [] }))
      for (const exchange of wanted) exchanges.set(exchange.address, exchange)
      return created
    },
    async ensureQueues(wanted) {
      const created = await withLink((link) => link.ensure({ exchanges: [], queues: wanted }))
      for (const queue of wanted) queues.set(queue.address, queue)
      return created
    },
  }
}

async function drain({ world }: DriverContext, link: RabbitmqLink | undefined): Promise<void> {
  if (link === undefined) return
  const tooLong = new AbortController()
  const timer = world.clock.after(DRAIN_MS, () => tooLong.abort())
  await link.publisher.drained(tooLong.signal)
  timer.cancel()
}
