// The composition root: the only file that names all drivers.
import { systemWorld, type World } from './core/clock.ts'
import { VERSION } from './core/version.ts'
import {
  hasRegistry,
  kafkaConfig,
  rabbitmqAdminConfig,
  rabbitmqConfig,
  redisConfig,
  registryConfig,
} from './cli/drivers.ts'
import type { Composition } from './cli/composition.ts'
import { createScheduleAdmin } from './drivers/bullmq/admin.ts'
import { createBullmqDriver } from './drivers/bullmq/index.ts'
import { createBullmqInspector } from './drivers/bullmq/inspector.ts'
import { createEmbeddedCacheDriver } from './drivers/embedded/cache-driver.ts'
import {
  createEmbeddedJobsInspector,
  createEmbeddedQueueInspector,
  createEmbeddedRedisInspector,
  createEmbeddedTopicInspector,
} from './drivers/embedded/inspectors.ts'
import { createEmbeddedJobDriver } from './drivers/embedded/job-driver.ts'
import { createEmbeddedLogDriver } from './drivers/embedded/log-driver.ts'
import { createEmbeddedQueueDriver } from './drivers/embedded/queue-driver.ts'
import { EmbeddedQueues } from './drivers/embedded/queues.ts'
import { EmbeddedRedis } from './drivers/embedded/redis.ts'
import { createEmbeddedStoreDriver } from './drivers/embedded/store-driver.ts'
import { createEmbeddedStateDriver } from './drivers/embedded/state-driver.ts'
import {
  createEmbeddedRegistryDriver,
  createEmbeddedRegistryInspector,
  EmbeddedRegistry,
} from './drivers/embedded/registry.ts'
import { EmbeddedTopics } from './drivers/embedded/topics.ts'
import { createKafkaAdmin } from './drivers/kafka/kafkajs/admin.ts'
import { createKafkaDriver } from './drivers/kafka/index.ts'
import { createKafkaInspector } from './drivers/kafka/kafkajs/inspector.ts'
import { createRegistryDriver } from './drivers/registry/index.ts'
import { createRegistryInspector } from './drivers/registry/inspector.ts'
import { createRabbitmqAdmin } from './drivers/rabbitmq/admin.ts'
import { createRabbitmqDriver } from './drivers/rabbitmq/index.ts'
import { createRabbitmqInspector } from './drivers/rabbitmq/inspector.ts'
import { createRedisDriver } from './drivers/redis/index.ts'
import { createRedisInspector } from './drivers/redis/inspector.ts'
import { createRedisStoreDriver } from './drivers/redis/store.ts'
import { createRedisStateDriver } from './drivers/redis/state.ts'
import type { InspectorFactories } from './ops/health/monitor.ts'
import { registryUse, type DriverFactories } from './runtime/connections.ts'
import type { EmbeddedBrokers } from './testing/stage.ts'
import { createLog } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { createTracer } from './telemetry/tracer.ts'

const world = systemWorld

const realDrivers = (env: NodeJS.ProcessEnv): DriverFactories => ({
  kafka: (plan, context) => createKafkaDriver(kafkaConfig(plan, env), context),
  rabbitmq: (plan, context) => createRabbitmqDriver(rabbitmqConfig(plan, env), context),
  redis: (plan, context) => createRedisDriver(redisConfig(plan, env), context),
  state: (plan, context) => createRedisStateDriver(redisConfig(plan, env), context),
  jobs: (plan, context) => createBullmqDriver(redisConfig(plan, env), context),
  store: (plan, context) => createRedisStoreDriver(redisConfig(plan, env), context),
  registry: (plan, context) => createRegistryDriver(registryConfig(plan, env), context),
})

const realInspectors = (env: NodeJS.ProcessEnv): InspectorFactories => ({
  kafka: (plan, context) => createKafkaInspector(kafkaConfig(plan, env), context),
  rabbitmq: (plan, context) => createRabbitmqInspector(rabbitmqAdminConfig(plan, env), context),
  redis: (plan, context) => createRedisInspector(redisConfig(plan, env), context),
  jobs: (plan, context) => createBullmqInspector(redisConfig(plan, env), context),
  registry: (plan, context) =>
    hasRegistry(plan, env)
      ? createRegistryInspector(registryConfig(plan, env), context)
      : undefined,
})

/** One state for each connection by its name: two Kafka clusters stay two. */
function embeddedBrokers({ clock }: World): EmbeddedBrokers & {
  readonly inspectors: InspectorFactories
} {
  const states = new Map<string, { setAvailable(available: boolean): void }>()
  const topics = perName(states, () => new EmbeddedTopics())
  const queues = perName(states, () => new EmbeddedQueues(clock))
  const registries = perName(states, () => new EmbeddedRegistry())
  const redis = perName(states, () => new EmbeddedRedis(clock))
  return {
    factories: {
      kafka: ({ name }, context) => createEmbeddedLogDriver(topics(name), context),
      rabbitmq: ({ name }, context) => createEmbeddedQueueDriver(queues(name), context),
      redis: ({ name }, context) => createEmbeddedCacheDriver(redis(name).caches, context),
      state: ({ name }, context) => createEmbeddedStateDriver(redis(name).state, context),
      jobs: ({ name }, context) => createEmbeddedJobDriver(redis(name).jobs, context),
      store: ({ name }, context) => createEmbeddedStoreDriver(redis(name).stores, context),
      registry: ({ name }, context) =>
        createEmbeddedRegistryDriver(registries(registryUse(name)), context),
    },
    inspectors: {
      kafka: ({ name }, context) => createEmbeddedTopicInspector(topics(name), context),
      rabbitmq: ({ name }, context) => createEmbeddedQueueInspector(queues(name), context),
      redis: ({ name }, context) => createEmbeddedRedisInspector(redis(name), context),
      jobs: ({ name }, context) => createEmbeddedJobsInspector(redis(name), context),
      registry: ({ name, registry }, context) =>
        registry && createEmbeddedRegistryInspector(registries(registryUse(name)), context),
    },
    setAvailable: (connection, available) => states.get(connection)?.setAvailable(available),
    caches(connection) {
      const state = states.get(connection)
      return state instanceof EmbeddedRedis ? state.caches : undefined
    },
  }
}

function perName<T extends U, U>(known: Map<string, U>, make: () => T): (name: string) => T {
  return (name) => {
    const found = (known.get(name) as T | undefined) ?? make()
    known.set(name, found)
    return found
  }
}

export function createComposition(env: NodeJS.ProcessEnv): Composition {
  const log = createLog({ env })
  return {
    world,
    env,
    log,
    logTo: (stream) => createLog({ env, stream }),
    drivers(embedded) {
      if (!embedded) return { ...realDrivers(env), inspectors: realInspectors(env) }
      const { factories, inspectors } = embeddedBrokers(world)
      return { ...factories, inspectors }
    },
    embedded: embeddedBrokers,
    admins: {
      kafka: (plan, context) => createKafkaAdmin(kafkaConfig(plan, env), context),
      rabbitmq: (plan, context) => createRabbitmqAdmin(rabbitmqAdminConfig(plan, env), context),
      schedules: (plan, context) => createScheduleAdmin(redisConfig(plan, env), context),
      registry: (plan, context) => createRegistryDriver(registryConfig(plan, env), context),
    },
    telemetry(counts, { complete, standings }) {
      const tracing = createTracer(world, env, log, {
        backpressure: complete,
        version: VERSION,
      })
      const metrics = createMetrics(world, counts, {
        spansDropped: tracing.dropped,
        version: VERSION,
        ...(standings === undefined ? {} : { standings }),
      })
      return {
        tracer: tracing.tracer,
        meter: metrics.meter,
        metricsText: metrics.metricsText,
        async close() {
          await tracing.close()
          metrics.close()
        },
      }
    },
  }
}
