// Health and facts as numbers: Prometheus' text, and the same as JSON. Labels hold names of the plan and of nodes only.
import { fullName, type Labels, type NumberMetric } from '../../telemetry/prometheus.ts'
import type { JobFacts, KafkaFacts, RabbitmqFacts, RedisFacts } from '../../core/facts.ts'
import type { ConnectionHealth, OverallHealth, WorkersHealth } from './health.ts'

type Point = NumberMetric['points'][number]

const LEVEL = { pass: 0, warn: 1, fail: 2 } as const

export function healthMetrics({ components, workers }: OverallHealth): NumberMetric[] {
  const found = Object.values(components).flatMap(({ component, connections }) =>
    Object.entries(connections).map(([connection, health]) => ({
      component,
      health,
      labels: { component, connection },
    })),
  )
  const of = (kind: string) => found.filter(({ component }) => component === kind)
  const each = (value: (health: ConnectionHealth) => number | null): Point[] =>
    found.flatMap(({ labels, health }) => {
      const number = value(health)
      return number === null ? [] : [{ labels, value: number }]
    })
  return [
    gauge(
      'sluice_broker_up',
      'Whether it answered.',
      each(({ facts }) => (facts ? 1 : 0)),
    ),
    gauge(
      'sluice_broker_health',
      '0: pass, 1: warn, 2: fail.',
      each(({ status }) => LEVEL[status]),
    ),
    gauge(
      'sluice_broker_latency',
      'One round trip.',
      each(({ latencyMs }) => (latencyMs === null ? null : latencyMs / 1_000)),
      'seconds',
    ),
    ...redisMetrics(of('redis').flatMap(seen<RedisFacts & { jobs: readonly JobFacts[] }>)),
    ...rabbitmqMetrics(of('rabbitmq').flatMap(seen<RabbitmqFacts>)),
    ...kafkaMetrics(of('kafka').flatMap(seen<KafkaFacts>)),
    ...(workers === null
      ? []
      : [
          gauge(
            'sluice_workers_declared',
            'Processes that fleet.yaml asks for.',
            workersBy(workers, ({ declared }) => declared),
          ),
          gauge(
            'sluice_workers_ready',
            'Processes that are ready.',
            workersBy(workers, ({ ready }) => ready),
          ),
        ]),
  ]
}

const workersBy = (
  { byName }: WorkersHealth,
  value: (of: WorkersHealth['byName'][string]) => number,
): Point[] =>
  Object.entries(byName).map(([worker, of]) => ({ labels: { worker }, value: value(of) }))

interface Seen<Facts> {
  readonly connection: string
  readonly facts: Facts
}

/** Facts as the probe of that kind of connection made them; none while it is away. */
const seen = <Facts>({
  labels: { connection },
  health: { facts },
}: {
  readonly labels: { readonly connection: string }
  readonly health: ConnectionHealth
}): Seen<Facts>[] => (facts === null ? [] : [{ connection, facts: facts as Facts }])

function redisMetrics(
  all: readonly Seen<RedisFacts & { jobs: readonly JobFacts[] }>[],
): NumberMetric[] {
  const each = (value: (facts: RedisFacts) => number | null) =>
    all.flatMap(({ connection, facts }) => {
      const number = value(facts)
      return number === null ? [] : [{ labels: { connection }, value: number }]
    })
  return [
    gauge(
      'sluice_redis_memory_used',
      'In use.',
      each(({ memory }) => memory.usedBytes),
      'bytes',
    ),
    gauge(
      'sluice_redis_memory_limit',
      'That may be used; absent without a limit.',
      each(({ memory }) => memory.limitBytes),
      'bytes',
    ),
    gauge(
      'sluice_redis_clients',
      'Connections.',
      each(({ clients }) => clients),
    ),
    counter(
      'sluice_redis_hits',
      'Of all keys.',
      each(({ keyspace }) => keyspace.hits),
    ),
    counter(
      'sluice_redis_misses',
      'Of all keys.',
      each(({ keyspace }) => keyspace.misses),
    ),
    counter(
      'sluice_redis_evicted_keys',
      'Of all keys.',
      each(({ keyspace }) => keyspace.evicted),
    ),
    gauge(
      'sluice_redis_cluster_slots_served',
      'Of 16384; absent of one server.',
      each(({ shards }) => shards?.slotsServed ?? null),
    ),
    gauge(
      'sluice_redis_cluster_nodes',
      'Nodes by their state; absent of one server.',
      all.flatMap(({ connection, facts: { shards } }) =>
        shards === null
          ? []
          : (['up', 'suspected', 'down'] as const).map((state) => ({
              labels: { connection, state },
              value: shards.nodes.filter((node) => node.state === state).length,
            })),
      ),
    ),
    gauge(
      'sluice_jobs',
      'Jobs by their state.',
      all.flatMap(({ connection, facts }) =>
        facts.jobs.flatMap(({ name, waiting, active, delayed, failed }) =>
          Object.entries({ waiting, active, delayed, failed }).map(([state, value]) => ({
            labels: { connection, queue: name, state },
            value,
          })),
        ),
      ),
    ),
  ]
}

function rabbitmqMetrics(all: readonly Seen<RabbitmqFacts>[]): NumberMetric[] {
  const queues = all.flatMap(({ connection, facts }) =>
    facts.queues
      .filter(({ there }) => there)
      .map((queue) => ({ labels: { connection, queue: queue.name }, queue })),
  )
  const nodes = all.flatMap(({ connection, facts }) =>
    (facts.cluster.nodes ?? []).map((node) => ({
      labels: { connection, node: node.name },
      node,
    })),
  )
  return [
    gauge(
      'sluice_queue_messages',
      'Messages by their state.',
      queues.flatMap(({ labels, queue: { ready, unacknowledged } }) => [
        point(labels, 'ready', ready),
        ...(unacknowledged === null ? [] : [point(labels, 'unacknowledged', unacknowledged)]),
      ]),
    ),
    gauge(
      'sluice_queue_consumers',
      'Consumers.',
      queues.map(({ labels, queue }) => ({ labels, value: queue.consumers })),
    ),
    gauge(
      'sluice_queue_rate',
      'Messages a second, that came and that consumers were given.',
      queues.flatMap(({ labels, queue: { rates } }) =>
        Object.entries(rates ?? {}).map(([direction, value]) => ({
          labels: { ...labels, direction },
          value,
        })),
      ),
    ),
    gauge(
      'sluice_rabbitmq_connections',
      'Connections to the virtual host.',
      all.flatMap(({ connection, facts: { connections } }) =>
        connections === null ? [] : [{ labels: { connection }, value: connections }],
      ),
    ),
    gauge(
      'sluice_rabbitmq_alarms',
      'Alarms of a node.',
      nodes.map(({ labels, node }) => ({ labels, value: node.alarms.length })),
    ),
    gauge(
      'sluice_rabbitmq_memory_used',
      'In use by a node.',
      nodes.map(({ labels, node }) => ({ labels, value: node.memory.usedBytes })),
      'bytes',
    ),
    gauge(
      'sluice_rabbitmq_memory_limit',
      'From where on a node takes no messages.',
      nodes
        .filter(({ node }) => node.memory.limitBytes > 0)
        .map(({ labels, node }) => ({ labels, value: node.memory.limitBytes })),
      'bytes',
    ),
  ]
}

const point = (labels: Labels, state: string, value: number): Point => ({
  labels: { ...labels, state },
  value,
})

function kafkaMetrics(all: readonly Seen<KafkaFacts>[]): NumberMetric[] {
  const topics = all.flatMap(({ connection, facts }) =>
    facts.topics
      .filter(({ partitions }) => partitions > 0)
      .map((topic) => ({ labels: { connection, topic: topic.name }, topic })),
  )
  const groups = all.flatMap(({ connection, facts }) =>
    facts.groups.map((group) => ({
      labels: { connection, group: group.name, topic: group.topic },
      group,
    })),
  )
  return [
    gauge(
      'sluice_kafka_brokers',
      'Brokers that are up.',
      all.map(({ connection, facts }) => ({
        labels: { connection },
        value: facts.cluster.brokers.length,
      })),
    ),
    gauge(
      'sluice_topic_leaderless_partitions',
      'Partitions that nobody can read or write.',
      topics.map(({ labels, topic }) => ({ labels, value: topic.leaderless.length })),
    ),
    gauge(
      'sluice_topic_under_replicated_partitions',
      'Partitions with too few copies.',
      topics.map(({ labels, topic }) => ({ labels, value: topic.underReplicated.length })),
    ),
    gauge(
      'sluice_group_members',
      'Members of a group.',
      groups.map(({ labels, group }) => ({ labels, value: group.members })),
    ),
    gauge(
      'sluice_group_lag',
      'Messages that a group is behind.',
      groups.flatMap(({ labels, group }) =>
        group.partitions.map(({ partition, lag }) => ({
          labels: { ...labels, partition: String(partition) },
          value: lag,
        })),
      ),
    ),
  ]
}

const gauge = (
  name: string,
  help: string,
  points: readonly Point[],
  unit?: 'seconds' | 'bytes',
): NumberMetric => ({ kind: 'gauge', name, help, points, ...(unit === undefined ? {} : { unit }) })

const counter = (name: string, help: string, points: readonly Point[]): NumberMetric => ({
  kind: 'counter',
  name,
  help,
  points,
})

export const metricsJson = (metrics: readonly NumberMetric[]): object => ({
  version: 1,
  metrics: metrics
    .filter(({ points }) => points.length > 0)
    .map((metric) => ({
      name: fullName(metric),
      help: metric.help,
      kind: metric.kind,
      points: metric.points,
    })),
})
