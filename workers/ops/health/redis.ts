// Judges a Redis by what it says of itself and by what the fleet needs it for.
import type { JobsFacts, RedisFacts } from '../../core/facts.ts'
import type { HealthPlan } from '../../core/plan.ts'
import { fine, wrong, type HealthCheck } from './health.ts'
import { against, latencyCheck, memoryCheck, size } from './thresholds.ts'

export interface RedisRole {
  /** State, stores and jobs: nothing of it may be lost. */
  readonly keeps: readonly string[]
  readonly caches: readonly string[]
}

export function redisChecks(
  facts: RedisFacts,
  role: RedisRole,
  plan: HealthPlan,
  embedded: boolean,
): HealthCheck[] {
  const { memory, latencyMs } = facts
  return [
    latencyCheck(latencyMs, plan),
    memory.limitBytes === null
      ? fine('memory', `${size(memory.usedBytes)}, without a limit`)
      : memoryCheck('memory', memory.usedBytes, memory.limitBytes, plan),
    policyCheck(facts, role),
    persistenceCheck(facts, role, embedded),
    serverCheck(facts),
  ]
}

function policyCheck({ memory: { policy, limitBytes } }: RedisFacts, role: RedisRole): HealthCheck {
  const keeps = role.keeps.join(', ')
  if (role.keeps.length > 0 && policy !== 'noeviction')
    return wrong('eviction', 'fail', 'SLU5406', `${policy}, and it holds ${keeps}`)
  if (role.keeps.length === 0 && policy === 'noeviction' && limitBytes !== null)
    return wrong('eviction', 'warn', 'SLU1192', `${policy}, and it holds caches alone`)
  return fine('eviction', policy)
}

function persistenceCheck(
  { persistence: { appendOnly, lastWriteOk } }: RedisFacts,
  { keeps }: RedisRole,
  embedded: boolean,
): HealthCheck {
  if (embedded) return fine('persistence', 'in memory, as long as this process lives')
  if (!lastWriteOk) return wrong('persistence', 'fail', 'SLU1193', 'the last write to disk failed')
  if (keeps.length > 0 && !appendOnly)
    return wrong(
      'persistence',
      'fail',
      'SLU5407',
      `appendonly is off, and it holds ${keeps.join(', ')}`,
    )
  return fine('persistence', appendOnly ? 'appendonly' : 'none needed')
}

function serverCheck({ cluster: { role, replicas }, persistence }: RedisFacts): HealthCheck {
  if (persistence.loading) return wrong('server', 'fail', 'SLU1194', 'it loads its data')
  if (role !== 'master') return wrong('server', 'fail', 'SLU1194', `it is a ${role}`)
  return fine('server', replicas === 0 ? role : `${role} with ${replicas} replicas`)
}

export const jobChecks = (jobs: JobsFacts['jobs'], { depth }: HealthPlan): HealthCheck[] =>
  jobs.map(({ name, waiting, active, delayed, failed }) =>
    against(
      `jobs ${name}`,
      waiting,
      depth,
      'SLU1197',
      `${waiting} waiting, ${active} active, ${delayed} delayed, ${failed} failed`,
    ),
  )
