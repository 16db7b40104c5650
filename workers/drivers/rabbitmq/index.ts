// The RabbitMQ driver on amqplib; nothing of amqplib leaves this folder, and no message is sent twice by itself.
import type { DriverContext, Queue, QueueDriver } from '../../core/contract.ts'
import { Supervisor } from '../../core/supervisor.ts'
import { away, nameOf, type Place, type RabbitmqSettings } from './errors.ts'
import { openLink, type RabbitmqLink } from './link.ts'

export type { RabbitmqSettings } from './errors.ts'

/** How long `close` waits for confirms that are under way. */
const DRAIN_MS = 5_000

/**
 * One connection and one confirm channel for everything that is published. Sends at most 1,000 unconfirmed messages
 * and answers each within 10 s: confirmed (and routed), refused, returned, or unknown.
 */
export function createRabbitmqDriver(
  settings: RabbitmqSettings,
  context: DriverContext,
): QueueDriver {
  const place: Place = { settings, origin: context.origin }
  const declared = new Map<string, Queue>()
  const limit = { bytes: Infinity }
  let closed = false
  const supervisor = new Supervisor<RabbitmqLink>({
    world: context.world,
    log: context.log,
    name: nameOf(place),
    absent: () => away(place, closed ? 'was closed' : 'is not connected'),
    open: (lost, signal) =>
      openLink({ place, context, queues: [...declared.values()], limit, lost }, signal),
  })
  const withLink = <T>(use: (link: RabbitmqLink) => Promise<T>): Promise<T> =>
    closed || supervisor.link === undefined
      ? Promise.reject(supervisor.failure)
      : use(supervisor.link)
  return {
    connect: () => supervisor.connect(),
    isUp: () => supervisor.link !== undefined,
    whenUp: (signal) => supervisor.whenUp(signal),
    ping: () => withLink((link) => link.ping()),
    async close() {
      closed = true
      await drain(context, supervisor.link)
      await supervisor.close()
    },
    sink: ({ address }) => ({
      send: (message) => withLink(({ publisher }) => publisher.send(address, message)),
    }),
    async ensureQueues(queues) {
      const created = await withLink((link) => link.ensure(queues))
      for (const queue of queues) declared.set(queue.address, queue)
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
