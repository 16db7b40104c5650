// Counts the jobs of each queue by their state, as BullMQ keeps them; takes none and touches none.
import type { DriverContext } from '../../core/contract.ts'
import type { JobsInspector } from '../../core/facts.ts'
import type { RedisSettings } from '../redis/settings.ts'
import { redisInspection } from '../redis/inspection.ts'
import { createQueues } from './queues.ts'

const STATES = ['waiting', 'prioritized', 'active', 'delayed', 'failed'] as const

export function createBullmqInspector(
  settings: RedisSettings,
  context: DriverContext,
): JobsInspector {
  const { target, inspection, latency } = redisInspection(settings, context)
  const queueOf = createQueues()
  return {
    target,
    driver: 'redis',
    look: (wanted, withinMs) =>
      inspection.ask(withinMs, async (link) => {
        const latencyMs = await latency(link)
        const jobs = await Promise.all(
          wanted.map(async ({ name, address }) => {
            const counts = await link.run('the counts of jobs', (client) =>
              queueOf(client, { address }).getJobCounts(...STATES),
            )
            const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts
            return { name, address, waiting: waiting + prioritized, active, delayed, failed }
          }),
        )
        return { version: null, latencyMs, jobs }
      }),
    close: () => inspection.close(),
  }
}
