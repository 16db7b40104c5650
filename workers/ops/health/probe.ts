// One connection of the fleet as health sees it: asks its inspectors and judges the answer; no answer is a judgement as well.
import type { DriverContext } from '../../core/contract.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type {
  JobsInspector,
  KafkaFacts,
  KafkaInspector,
  RabbitmqFacts,
  RabbitmqInspector,
  RedisFacts,
  JobsFacts,
  RedisInspector,
  RegistryFacts,
  RegistryInspector,
} from '../../core/facts.ts'
import type {
  ConnectionPlan,
  FleetPlan,
  KafkaPlan,
  RabbitmqPlan,
  RedisPlan,
} from '../../core/plan.ts'
import { worst, type ConnectionHealth, type HealthCheck } from './health.ts'
import { kafkaChecks } from './kafka.ts'
import { rabbitmqChecks } from './rabbitmq.ts'
import { isWhole } from './redis-cluster.ts'
import { jobChecks, redisChecks } from './redis.ts'
import { lookAtRegistry, registryChecks, type RegistryLook } from './registry.ts'
import {
  queuesRead,
  redisRole,
  wantedJobs,
  wantedQueues,
  wantedSchemas,
  wantedTopics,
} from './wanted.ts'

/** How brokers are looked at; the composition root knows the real ones and the embedded ones. */
export interface InspectorFactories {
  kafka(plan: KafkaPlan, context: DriverContext): KafkaInspector
  rabbitmq(plan: RabbitmqPlan, context: DriverContext): RabbitmqInspector
  redis(plan: RedisPlan, context: DriverContext): RedisInspector
  jobs(plan: RedisPlan, context: DriverContext): JobsInspector
  /** Undefined where the connection names none, or its variable is empty. */
  registry(plan: KafkaPlan, context: DriverContext): RegistryInspector | undefined
}

export type Seen =
  | {
      readonly kind: 'kafka'
      readonly facts: KafkaFacts & { readonly registry: RegistryFacts | null }
      readonly registry: RegistryLook | undefined
    }
  | { readonly kind: 'rabbitmq'; readonly facts: RabbitmqFacts }
  | {
      readonly kind: 'redis'
      readonly facts: RedisFacts & { readonly jobs: JobsFacts['jobs'] }
      /** Why no jobs could be counted: its nodes say how they are when the cluster that they are serves nobody. */
      readonly uncounted?: SluiceError
    }

export interface Probe {
  readonly connection: ConnectionPlan
  readonly target: string
  readonly driver: ConnectionHealth['driver']
  /** Rejects while there is no answer. */
  look(): Promise<Seen>
  judge(seen: Seen): readonly HealthCheck[]
  close(): Promise<void>
}

export interface ProbeParts {
  readonly plan: FleetPlan
  readonly prefix: string
  readonly factories: InspectorFactories
  readonly context: DriverContext
}

export function makeProbe(parts: ProbeParts, connection: ConnectionPlan): Probe {
  const { plan, prefix, factories, context } = parts
  const { health } = plan
  const { withinMs } = health
  switch (connection.kind) {
    case 'kafka': {
      const inspector = factories.kafka(connection, context)
      const wanted = wantedTopics(plan, prefix, connection.name)
      const beside = factories.registry(connection, context)
      const schemas = wantedSchemas(plan, prefix, connection.name)
      return {
        ...common(connection, inspector),
        async look() {
          const [facts, registry] = await Promise.all([
            inspector.look(wanted, withinMs),
            lookAtRegistry(beside, schemas, withinMs),
          ])
          return {
            kind: 'kafka',
            facts: { ...facts, registry: registry?.facts ?? null },
            registry,
          }
        },
        judge: (seen) =>
          seen.kind === 'kafka'
            ? [...kafkaChecks(seen.facts, health), ...registryChecks(seen.registry)]
            : [],
      }
    }
    case 'rabbitmq': {
      const inspector = factories.rabbitmq(connection, context)
      const wanted = wantedQueues(plan, prefix, connection.name)
      const read = queuesRead(plan)
      return {
        ...common(connection, inspector),
        look: async () => ({ kind: 'rabbitmq', facts: await inspector.look(wanted, withinMs) }),
        judge: (seen) => (seen.kind === 'rabbitmq' ? rabbitmqChecks(seen.facts, read, health) : []),
      }
    }
    case 'redis': {
      const inspector = factories.redis(connection, context)
      const jobs = factories.jobs(connection, context)
      const wanted = wantedJobs(plan, prefix, connection.name)
      const role = redisRole(plan, connection.name)
      return {
        ...common(connection, inspector, jobs),
        async look() {
          const counting = wanted.length === 0 ? { jobs: [] } : jobs.look(wanted, withinMs)
          const [seen, counted] = await Promise.allSettled([
            inspector.look(undefined, withinMs),
            counting,
          ])
          if (seen.status === 'rejected') throw seen.reason
          const { value: facts } = seen
          if (counted.status === 'fulfilled')
            return { kind: 'redis', facts: { ...facts, jobs: counted.value.jobs } }
          const { reason } = counted as { reason: unknown }
          const isServed = facts.shards === null || isWhole(facts.shards)
          if (isServed || !(reason instanceof SluiceError)) throw reason
          return { kind: 'redis', facts: { ...facts, jobs: [] }, uncounted: reason }
        },
        judge: (seen) =>
          seen.kind === 'redis'
            ? [
                ...redisChecks(seen.facts, role, health, inspector.driver === 'embedded'),
                ...jobChecks(seen.facts.jobs, health),
              ]
            : [],
      }
    }
  }
}

interface Closable {
  readonly target: string
  readonly driver: ConnectionHealth['driver']
  close(): Promise<void>
}

const common = (connection: ConnectionPlan, inspector: Closable, ...others: Closable[]) => ({
  connection,
  target: inspector.target,
  driver: inspector.driver,
  async close() {
    await Promise.all([inspector, ...others].map((one) => one.close()))
  },
})

/** Never rejects. */
export async function healthOf(probe: Probe): Promise<ConnectionHealth> {
  const { target, driver, connection } = probe
  const where = `${connection.at.file}:${connection.at.line}`
  try {
    const seen = await probe.look()
    const { latencyMs, version, ...facts } = seen.facts
    const checks = probe.judge(seen)
    return { status: worst(checks), where, target, driver, latencyMs, version, checks, facts }
  } catch (thrown) {
    const checks = [silence(thrown)]
    const nothing = { latencyMs: null, version: null, facts: null }
    return { status: 'fail', where, target, driver, ...nothing, checks }
  }
}

function silence(thrown: unknown): HealthCheck {
  const error =
    thrown instanceof SluiceError
      ? thrown
      : new SluiceError('SLU1184', { message: asError(thrown).message, cause: thrown })
  const { code, message, fix } = error
  return { name: 'answers', status: 'fail', detail: message, code, next: fix }
}
