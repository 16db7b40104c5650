// What `sluice ops` tells of brokers and workers, as rules: away, slow, full, deep, read by nobody.
import type { FleetPlan } from '../../core/plan.ts'
import { queuesRead, redisRole, wantedJobs } from '../health/wanted.ts'
import { perThreshold, select, type AlertRule } from './rule.ts'

/** Half a minute of scrapes that fail is no outage. */
const SOON = '1m'
const LATER = '5m'
const LATE = '15m'

const BROKER = '{{ $labels.component }} {{ $labels.connection }}'

export function brokerRules(plan: FleetPlan): AlertRule[] {
  const kinds = new Set(Object.values(plan.connections).map(({ kind }) => kind))
  return [
    ...commonRules(plan),
    ...(kinds.has('redis') ? redisRules(plan) : []),
    ...(kinds.has('rabbitmq') ? rabbitmqRules(plan) : []),
    ...(kinds.has('kafka') ? kafkaRules(plan) : []),
    ...workerRules(plan),
    ...alertingRules(plan),
  ]
}

function commonRules({ health }: FleetPlan): AlertRule[] {
  const by = (metric: string) => `max by (component, connection) (${metric})`
  const up = 'max by (component, connection) (sluice_broker_up)'
  return [
    {
      alert: 'SluiceOpsSilent',
      expr: 'absent(sluice_broker_up)',
      for: LATER,
      severity: 'critical',
      summary: 'Nobody tells how the brokers are',
      description:
        'No `sluice ops` is scraped: the other rules about brokers and workers see nothing.',
      next: 'npx sluice ops',
    },
    {
      alert: 'SluiceBrokerDown',
      expr: `${up} == 0`,
      for: SOON,
      severity: 'critical',
      summary: `${BROKER} does not answer`,
      description: 'Pipelines that need it wait. Nothing is lost meanwhile, and nothing moves.',
      next: 'npx sluice doctor',
    },
    {
      alert: 'SluiceBrokerUnwell',
      expr: `${by('sluice_broker_health')} >= 2 and ${up} == 1`,
      for: SOON,
      severity: 'critical',
      summary: `${BROKER} answers and is unwell`,
      description:
        'One of its checks fails: persistence, eviction policy, leaders, alarms or a threshold of `health`.',
      next: 'npx sluice health',
    },
    ...perThreshold(health.latencyMs, {
      alert: 'SluiceBrokerSlow',
      expr: (ms) => `${by('sluice_broker_latency_seconds')} >= ${ms / 1_000}`,
      for: LATER,
      summary: `${BROKER} takes {{ $value | humanizeDuration }} for one round trip`,
      description: 'Each effect waits for its confirmation: throughput falls with it.',
      next: 'npx sluice health',
    }),
  ]
}

function redisRules(plan: FleetPlan): AlertRule[] {
  const { health } = plan
  const keeping = Object.values(plan.connections)
    .filter(({ kind, name }) => kind === 'redis' && redisRole(plan, name).keeps.length > 0)
    .map(({ name }) => name)
  const jobs = Object.keys(plan.connections).flatMap((name) =>
    wantedJobs(plan, '', name).map((placed) => placed.name),
  )
  const waiting = `max by (connection, queue) (${select('sluice_jobs', { state: 'waiting', queue: jobs })})`
  const active = `max by (connection, queue) (${select('sluice_jobs', { state: 'active', queue: jobs })})`
  return [
    ...perThreshold(health.memoryPercent, {
      alert: 'SluiceRedisMemory',
      expr: (percent) =>
        `100 * max by (connection) (sluice_redis_memory_used_bytes / sluice_redis_memory_limit_bytes) >= ${percent}`,
      for: LATER,
      summary: 'Redis {{ $labels.connection }} uses {{ $value | printf "%.0f" }} % of its memory',
      description:
        'At its limit it refuses writes, or evicts, as its maxmemory-policy says. State, stores and jobs need noeviction.',
      next: 'npx sluice health',
    }),
    ...(keeping.length === 0
      ? []
      : [
          {
            alert: 'SluiceRedisEvicts',
            expr: `max by (connection) (increase(${select('sluice_redis_evicted_keys_total', { connection: keeping })}[5m])) > 0`,
            for: undefined,
            severity: 'critical' as const,
            summary: 'Redis {{ $labels.connection }} evicts keys',
            description:
              'It holds what must not be lost: state, stores or jobs. Its maxmemory-policy has to be noeviction.',
            next: 'npx sluice doctor',
          },
        ]),
    ...(jobs.length === 0
      ? []
      : [
          ...perThreshold(health.depth, {
            alert: 'SluiceJobsWaiting',
            expr: (count) => `${waiting} >= ${count}`,
            for: LATER,
            summary: '{{ $value }} jobs of {{ $labels.queue }} wait',
            description: 'They come faster than they are done.',
            next: 'npx sluice lag',
          }),
          {
            alert: 'SluiceJobsStandStill',
            expr: `${waiting} > 0 and ${active} == 0`,
            for: LATE,
            severity: 'warning' as const,
            summary: '{{ $value }} jobs of {{ $labels.queue }} wait, and none is at work',
            description: 'No worker takes them.',
            next: 'npx sluice top',
          },
        ]),
  ]
}

function rabbitmqRules(plan: FleetPlan): AlertRule[] {
  const { health } = plan
  const queues = [...queuesRead(plan)]
  const ready = `max by (connection, queue) (${select('sluice_queue_messages', { state: 'ready', queue: queues })})`
  const consumers = `max by (connection, queue) (${select('sluice_queue_consumers', { queue: queues })})`
  return [
    {
      alert: 'SluiceRabbitmqAlarm',
      expr: 'max by (connection, node) (sluice_rabbitmq_alarms) > 0',
      for: undefined,
      severity: 'critical',
      summary: 'RabbitMQ {{ $labels.connection }}: node {{ $labels.node }} raised an alarm',
      description: 'It takes no more messages until memory or disk is free again.',
      next: 'npx sluice doctor',
    },
    ...perThreshold(health.memoryPercent, {
      alert: 'SluiceRabbitmqMemory',
      expr: (percent) =>
        `100 * max by (connection, node) (sluice_rabbitmq_memory_used_bytes / sluice_rabbitmq_memory_limit_bytes) >= ${percent}`,
      for: LATER,
      summary:
        'RabbitMQ {{ $labels.connection }}: node {{ $labels.node }} uses {{ $value | printf "%.0f" }} % of its memory',
      description: 'At its watermark it raises an alarm and takes no more messages.',
      next: 'npx sluice health',
    }),
    ...(queues.length === 0
      ? []
      : [
          ...perThreshold(health.depth, {
            alert: 'SluiceQueueDeep',
            expr: (count) => `${ready} >= ${count}`,
            for: LATER,
            summary: '{{ $value }} messages wait in queue {{ $labels.queue }}',
            description: 'They come faster than they are read.',
            next: 'npx sluice lag',
          }),
          {
            alert: 'SluiceQueueUnread',
            expr: `${ready} > 0 and ${consumers} == 0`,
            for: LATER,
            severity: 'critical' as const,
            summary: '{{ $value }} messages wait in queue {{ $labels.queue }}, and nobody reads it',
            description: 'No process consumes it.',
            next: 'npx sluice top',
          },
        ]),
  ]
}

function kafkaRules(plan: FleetPlan): AlertRule[] {
  const { health } = plan
  const groups = Object.values(plan.pipelines).flatMap(({ from }) =>
    from.kind === 'topic' ? [from.group] : [],
  )
  const by = 'connection, group, topic'
  // Of several that tell the same one is enough.
  const lag = `sum by (${by}) (max by (${by}, partition) (${select('sluice_group_lag', { group: groups })}))`
  const members = `max by (${by}) (${select('sluice_group_members', { group: groups })})`
  const partitions = (metric: string) => `max by (connection, topic) (${metric}) > 0`
  return [
    ...(groups.length === 0
      ? []
      : [
          ...perThreshold(health.lag, {
            alert: 'SluiceLag',
            expr: (count) => `${lag} >= ${count}`,
            for: LATER,
            summary: 'Group {{ $labels.group }} is {{ $value }} behind on {{ $labels.topic }}',
            description: 'Events come faster than they are done.',
            next: 'npx sluice lag',
          }),
          {
            alert: 'SluiceTopicUnread',
            expr: `${lag} > 0 and ${members} == 0`,
            for: LATER,
            severity: 'critical' as const,
            summary:
              'Group {{ $labels.group }} is {{ $value }} behind on {{ $labels.topic }} and has no members',
            description: 'No process reads it.',
            next: 'npx sluice top',
          },
        ]),
    {
      alert: 'SluiceTopicLeaderless',
      expr: partitions('sluice_topic_leaderless_partitions'),
      for: SOON,
      severity: 'critical',
      summary: '{{ $value }} partitions of {{ $labels.topic }} have no leader',
      description: 'Nobody can read or write them.',
      next: 'npx sluice doctor',
    },
    {
      alert: 'SluiceTopicUnderReplicated',
      expr: partitions('sluice_topic_under_replicated_partitions'),
      for: LATE,
      severity: 'warning',
      summary: '{{ $value }} partitions of {{ $labels.topic }} have too few copies',
      description: 'One more broker that goes away may take them along.',
      next: 'npx sluice health',
    },
  ]
}

function workerRules({ state, workers }: FleetPlan): AlertRule[] {
  if (state === undefined || Object.keys(workers).length === 0) return []
  const by = (metric: string) => `max by (worker) (${metric})`
  return [
    {
      alert: 'SluiceWorkerMissing',
      expr: `${by('sluice_workers_ready')} < ${by('sluice_workers_declared')}`,
      for: LATER,
      severity: 'warning',
      summary: 'Only {{ $value }} processes of worker {{ $labels.worker }} are ready',
      description: 'fleet.yaml asks for more.',
      next: 'npx sluice top',
    },
  ]
}

function alertingRules({ alerting }: FleetPlan): AlertRule[] {
  if (alerting === undefined) return []
  return [
    {
      alert: 'SluiceAlertsPending',
      expr: 'max(sluice_alerts_pending) > 0',
      for: LATER,
      severity: 'critical',
      summary: '{{ $value }} alerts of the fleet itself cannot be told',
      description: 'What takes them is away, or refuses them: the log of `sluice ops` says why.',
      next: 'npx sluice doctor',
    },
  ]
}
