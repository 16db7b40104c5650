// The BullMQ driver: jobs in a Redis that keeps them; refuses to start on one that does not.
import { Queue, type ConnectionOptions } from 'bullmq'
import type { DriverContext, JobDriver, Jobs } from '../../core/contract.ts'
import type { RedisSettings } from '../redis/errors.ts'
import { provesKept } from '../redis/kept.ts'
import { openLife } from '../redis/life.ts'
import { jobOptions } from './job-options.ts'

/** A job is worth waiting for. One without an answer may be there or not: it is sent again, under the same id. */
const JOB_BOUNDS = { commandMs: 5_000, late: 'SLU5405', refused: 'SLU5408' } as const

/** One connection for all that is sent to the jobs of this Redis. */
export function createBullmqDriver(settings: RedisSettings, context: DriverContext): JobDriver {
  const { driver, run } = openLife({
    place: { settings, origin: context.origin },
    context,
    bounds: JOB_BOUNDS,
    prove: provesKept,
  })
  /** By the client they send over: each has one connection in its life. */
  const queues = new WeakMap<object, Map<string, Queue>>()
  const queueOf = (client: object & ConnectionOptions, { address }: Jobs): Queue => {
    const known = queues.get(client) ?? new Map<string, Queue>()
    queues.set(client, known)
    const queue = known.get(address) ?? openQueue(client, address)
    known.set(address, queue)
    return queue
  }
  return {
    ...driver,
    sink: (jobs) => ({
      async send(message) {
        const { value, type } = message
        const data: unknown = JSON.parse(Buffer.from(value ?? []).toString())
        await run('the job', (client) =>
          queueOf(client, jobs).add(type ?? jobs.name, data, jobOptions(jobs, message)),
        )
      },
    }),
  }
}

function openQueue(connection: ConnectionOptions, address: string): Queue {
  const queue = new Queue(address, { connection, skipVersionCheck: true })
  // Whatever it says is said to whoever sends as well.
  queue.on('error', () => {})
  return queue
}
