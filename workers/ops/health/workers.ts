// The worker processes of a fleet as health sees them: fewer ready than declared is a warning, since brokers are what fails here.
import type { World } from '../../core/clock.ts'
import type { StateDriver } from '../../core/contract.ts'
import { asError } from '../../core/errors.ts'
import type { FleetPlan, HealthPlan } from '../../core/plan.ts'
import type { WorkerStatus } from '../../core/worker-status.ts'
import { readFleet } from '../fleet-status.ts'
import type { CacheWatch } from './cache-hits.ts'
import { fine, worst, wrong, type HealthCheck, type WorkersHealth } from './health.ts'

/** Never rejects, never hangs: the state store is bounded by itself, and by how long any broker may take. */
export async function workersHealth(
  plan: FleetPlan,
  prefix: string,
  state: StateDriver,
  { clock }: World,
  watch: CacheWatch,
): Promise<WorkersHealth> {
  const late = new AbortController()
  try {
    const status = await Promise.race([
      readFleet(plan, prefix, state),
      clock.sleep(plan.health.withinMs, late.signal).then(() => {
        throw new Error(`no answer within ${plan.health.withinMs / 1_000} s`)
      }),
    ])
    const there = (name: string) => status.workers.filter((one) => standsIn(plan, name, one))
    const byName = Object.entries(status.declared).map(([name, declared]) => {
      const ready = there(name).filter(({ state: now }) => now === 'ready').length
      return [name, { declared, ready }] as const
    })
    const checks = byName.map(([name, { declared, ready }]): HealthCheck => {
      const detail = `${ready} of ${declared} ready`
      if (ready >= declared) return fine(name, detail)
      const problems = new Set(there(name).flatMap(({ problem }) => problem || []))
      return wrong(name, 'warn', 'SLU1202', [detail, ...problems].join('; '))
    })
    const caches = watch.see(status.workers, clock.monotonic())
    const all = [...checks, ...cacheChecks(caches, plan.health)]
    return {
      status: worst(all),
      declared: Object.values(status.declared).reduce((sum, replicas) => sum + replicas, 0),
      ready: status.workers.filter((worker) => worker.state === 'ready').length,
      byName: Object.fromEntries(byName),
      caches,
      checks: all,
      processes: status.workers,
    }
  } catch (thrown) {
    const detail = `the state store does not tell: ${asError(thrown).message}`
    return {
      status: 'warn',
      declared: 0,
      ready: 0,
      byName: {},
      caches: {},
      checks: [wrong('state store', 'warn', 'SLU1202', detail)],
      processes: [],
    }
  } finally {
    late.abort()
  }
}

/** Fewer questions than this say nothing of a cache. */
export const QUESTIONS = 100

const cacheChecks = (
  caches: WorkersHealth['caches'],
  { hitPercent: { warn, fail } }: HealthPlan,
): HealthCheck[] =>
  Object.entries(caches).map(([cache, { asked, hits }]) => {
    const percent = Math.floor((100 * hits) / Math.max(1, asked))
    const detail = `${hits} of ${asked} answered, ${percent} %`
    const name = `cache ${cache}`
    if (asked < QUESTIONS || percent >= warn) return fine(name, detail)
    const level = fail !== undefined && percent < fail ? 'fail' : 'warn'
    return wrong(name, level, 'SLU1211', detail)
  })

/** A process of that name, or one of `run` that has all of its pipelines. */
const standsIn = ({ workers }: FleetPlan, name: string, { worker, pipelines }: WorkerStatus) =>
  worker === name ||
  (worker === null && workers[name]?.pipelines.every((one) => pipelines.includes(one)) === true)
