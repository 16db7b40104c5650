// The BullMQ driver: jobs in a Redis that keeps them; refuses to start on one that does not.
import type { DriverContext, JobDriver } from '../../core/contract.ts'
import type { Place, RedisSettings } from '../redis/settings.ts'
import { provesKept } from '../redis/kept.ts'
import { openLife } from '../redis/life.ts'
import { JOB_BOUNDS } from './bounds.ts'
import { failedView } from './failed-view.ts'
import { jobOptions } from './job-options.ts'
import { jobStatus } from './job-status.ts'
import { createQueues } from './queues.ts'
import { BullmqSource } from './source.ts'

/** One connection for all that is sent to the jobs of this Redis, and two for each queue of them that is worked on. */
export function createBullmqDriver(settings: RedisSettings, context: DriverContext): JobDriver {
  const place: Place = { settings, origin: context.origin }
  const sources = new Set<BullmqSource>()
  const { driver, run } = openLife({
    place,
    context,
    bounds: JOB_BOUNDS,
    prove: provesKept,
  })
  const queueOf = createQueues()
  return {
    ...driver,
    async close() {
      await Promise.all([...sources].map((source) => source.stop()))
      sources.clear()
      await driver.close()
    },
    source(options) {
      const source = new BullmqSource(options, place, context)
      sources.add(source)
      return source
    },
    status: (jobs, id) =>
      run('the state of a job', (client) => jobStatus(client, queueOf(client, jobs), id)),
    failed: (jobs) =>
      failedView((question) =>
        run('the failed jobs', (client) => {
          const queue = queueOf(client, jobs)
          const failed = queue.toKey('failed')
          return question({
            count: () => client.zcard(failed),
            ids: (from, last) => client.zrange(failed, from, String(last)),
            fields: (id, ...names) => client.hmget(queue.toKey(id), ...names),
          })
        }),
      ),
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
