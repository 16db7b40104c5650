// The embedded stand-in for RabbitMQ; loses everything with the process, and is otherwise held to the same contract.
import type { DriverContext, QueueDriver } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { EmbeddedQueues } from './queues.ts'

export function createEmbeddedQueueDriver(
  queues: EmbeddedQueues,
  _context: DriverContext,
): QueueDriver {
  let open = false
  return {
    connect: () => {
      open = true
      return Promise.resolve()
    },
    isUp: () => open,
    whenUp: () => Promise.resolve(),
    ping: () => Promise.resolve(),
    close: () => {
      open = false
      return Promise.resolve()
    },
    sink: ({ address }) => ({
      // oxlint-disable-next-line require-await -- the port is asynchronous
      async send(message) {
        if (!open) throw new SluiceError('SLU5301', { message: 'the driver is closed' })
        if (!queues.push(address, message))
          throw new SluiceError('SLU5304', { message: `no queue takes messages for ${address}` })
      },
    }),
    ensureQueues: (wanted) =>
      Promise.resolve(
        wanted.filter(({ address }) => queues.create(address)).map(({ address }) => address),
      ),
  }
}
