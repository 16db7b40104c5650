// The embedded stand-in for RabbitMQ; loses everything with the process, and is otherwise held to the same contract.
import type { DriverContext, Queue, QueueDriver } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { createPresence } from './presence.ts'
import type { EmbeddedQueues } from './queues.ts'

export function createEmbeddedQueueDriver(
  queues: EmbeddedQueues,
  context: DriverContext,
): QueueDriver {
  const { absence, ...driver } = createPresence('RabbitMQ', 'SLU5301', queues.available, context)
  const ensure = ({ name, address, type, at }: Queue): boolean => {
    if (queues.create(address, type)) return true
    const found = queues.typeOf(address)
    if (found !== type)
      context.log.warn(
        { code: 'SLU5306', queue: name, address, at: `${at.file}:${at.line}` },
        `Queue ${address} exists and is not as fleet.yaml declares it; it is left alone: it is ${found}, not ${type}.`,
      )
    return false
  }
  return {
    ...driver,
    sink: ({ address }) => ({
      // oxlint-disable-next-line require-await -- the port is asynchronous
      async send(message) {
        const absent = absence()
        if (absent !== undefined) throw absent
        if (!queues.push(address, message))
          throw new SluiceError('SLU5304', {
            message: `there is no queue ${address}: message ${message.id} was returned`,
          })
      },
    }),
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async ensureQueues(wanted) {
      const absent = absence()
      if (absent !== undefined) throw absent
      return wanted.filter(ensure).map(({ address }) => address)
    },
  }
}
