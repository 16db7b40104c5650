// What the embedded stand-ins say of themselves, each as the broker that it stands in for would.
import type { Clock } from '../../core/clock.ts'
import type { DriverContext } from '../../core/contract.ts'
import type { Code } from '../../core/codes.ts'
import { SluiceError } from '../../core/errors.ts'
import type {
  Inspector,
  JobsInspector,
  KafkaInspector,
  RabbitmqInspector,
  RedisInspector,
  WantedGroup,
} from '../../core/facts.ts'
import { VERSION } from '../../core/version.ts'
import type { EmbeddedQueues } from './queues.ts'
import type { EmbeddedRedis } from './redis.ts'
import type { EmbeddedTopics } from './topics.ts'

/** Nothing is connected; a stand-in that was taken away is away. */
function inspector<Wanted, Facts extends object>(
  name: string,
  { code, isAvailable }: { code: Code; isAvailable: () => boolean },
  { origin, world: { clock } }: DriverContext,
  look: (wanted: Wanted, clock: Clock) => Facts,
): Inspector<Wanted, Facts & { version: string; latencyMs: number }> {
  const target = `the embedded ${name}`
  return {
    target,
    driver: 'embedded',
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async look(wanted) {
      if (!isAvailable()) throw new SluiceError(code, { message: `${target} is away (${origin})` })
      return { version: VERSION, latencyMs: 0, ...look(wanted, clock) }
    },
    close: () => Promise.resolve(),
  }
}

export const createEmbeddedRedisInspector = (
  redis: EmbeddedRedis,
  context: DriverContext,
): RedisInspector =>
  inspector(
    'Redis',
    { code: 'SLU5401', isAvailable: () => redis.caches.available.isOpen },
    context,
    (_wanted: void, clock) => ({
      uptimeSeconds: Math.floor((clock.monotonic() - redis.since) / 1_000),
      clients: 0,
      // Only caches let anything go.
      memory: { usedBytes: redis.caches.held, limitBytes: null, policy: 'noeviction' },
      persistence: { appendOnly: false, lastWriteOk: true, loading: false },
      cluster: { enabled: false, role: 'master', replicas: 0 },
      keyspace: { hits: 0, misses: 0, evicted: 0 },
      shards: null,
    }),
  )

export const createEmbeddedJobsInspector = (
  { jobs }: EmbeddedRedis,
  context: DriverContext,
): JobsInspector =>
  inspector(
    'Redis',
    { code: 'SLU5401', isAvailable: () => jobs.isAvailable },
    context,
    (wanted) => ({
      jobs: wanted.map(({ name, address }) => ({
        name,
        address,
        waiting: jobs.waiting(address).length,
        active: jobs.active(address),
        delayed: jobs.delayed(address).length,
        failed: jobs.failed(address).length,
      })),
    }),
  )

export const createEmbeddedQueueInspector = (
  queues: EmbeddedQueues,
  context: DriverContext,
): RabbitmqInspector =>
  inspector(
    'RabbitMQ',
    { code: 'SLU5301', isAvailable: () => queues.isAvailable },
    context,
    (wanted) => ({
      cluster: { name: null, nodes: null },
      connections: null,
      queues: wanted.queues.map(({ name, address }) => {
        const found = queues.find(address)
        return {
          name,
          address,
          there: found !== undefined,
          ready: found?.depth ?? 0,
          unacknowledged: found?.unsettled ?? 0,
          consumers: found?.consumerCount ?? 0,
          rates: null,
        }
      }),
      missingExchanges: wanted.exchanges.filter(
        (address) => queues.exchangeTypeOf(address) === undefined,
      ),
      permissions: null,
    }),
  )

export const createEmbeddedTopicInspector = (
  topics: EmbeddedTopics,
  context: DriverContext,
): KafkaInspector =>
  inspector(
    'Kafka',
    { code: 'SLU5201', isAvailable: () => topics.isAvailable },
    context,
    (wanted) => ({
      cluster: { id: null, controller: null, brokers: [] },
      topics: wanted.topics.map(({ name, address }) => ({
        name,
        address,
        partitions: topics.get(address)?.partitions.length ?? 0,
        leaderless: [],
        underReplicated: [],
      })),
      groups: wanted.groups
        .filter(({ topic }) => topics.get(topic.address) !== undefined)
        .map((group) => groupFacts(topics, group)),
    }),
  )

function groupFacts(topics: EmbeddedTopics, { name, address, topic, start }: WantedGroup) {
  const group = topics.knownGroup(address, topic.address)
  const partitions = (topics.get(topic.address)?.partitions ?? []).map((held, partition) => {
    const committed = group?.offsets.get(partition)?.next ?? null
    const next = committed ?? (start === 'earliest' ? held.start : held.end)
    const lag = Math.max(0, held.end - Math.max(next, held.start))
    return { partition, committed, end: held.end, lag }
  })
  return {
    name,
    address,
    topic: topic.name,
    state: group === undefined ? 'Dead' : group.size === 0 ? 'Empty' : 'Stable',
    members: group?.size ?? 0,
    partitions,
    lag: partitions.reduce((sum, { lag }) => sum + lag, 0),
  }
}
