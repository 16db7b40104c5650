// Judges a Redis by what it says of itself and by what the fleet needs it for.
import type { JobsFacts, RedisFacts, RedisServerFacts } from '../../core/facts.ts'
import type { HealthPlan } from '../../core/plan.ts'
import { fine, wrong, type HealthCheck } from './health.ts'
import { mastersChecks, shardChecks } from './redis-cluster.ts'
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
  const { shards, latencyMs } = facts
  const ofServer = (server: RedisServerFacts) => serverChecks(server, role, plan, embedded)
  return [
    latencyCheck(latencyMs, plan),
    ...(shards === null
      ? ofServer(facts)
      : [...mastersChecks(shards, ofServer), ...shardChecks(shards)]),
  ]
}

const serverChecks = (
  server: RedisServerFacts,
  role: RedisRole,
  plan: HealthPlan,
  embedded: boolean,
): HealthCheck[] => [
  fullness(server, plan),
  policyCheck(server, role),
  persistenceCheck(server, role, embedded),
  serverCheck(server),
]

function fullness({ memory: { usedBytes, limitBytes } }: RedisServerFacts, plan: HealthPlan) {
  return limitBytes === null
    ? fine('memory', `${size(usedBytes)}, without a limit`)
    : memoryCheck('memory', usedBytes, limitBytes, plan)
}

function policyCheck(
  { memory: { policy, limitBytes } }: RedisServerFacts,
  role: RedisRole,
): HealthCheck {
  const keeps = role.keeps.join(', ')
  if (role.keeps.length > 0 && policy !== 'noeviction')
    return wrong('eviction', 'fail', 'SLU5406', `${policy}, and it holds ${keeps}`)
  if (role.keeps.length === 0 && policy === 'noeviction' && limitBytes !== null)
    return wrong('eviction', 'warn', 'SLU1192', `${policy}, and it holds caches alone`)
  return fine('eviction', policy)
}

function persistenceCheck(
  { persistence: { appendOnly, lastWriteOk } }: RedisServerFacts,
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

function serverCheck({ cluster: { role, replicas }, persistence }: RedisServerFacts): HealthCheck {
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
