// When each rule of the fleet in test/e2e/alerts-fleet fires: series right below its threshold and right at it, with what people are told.
import type { Severity } from '../../../workers/ops/alerts/rule.ts'

/** By selector; a number is constant, a text is in the notation of promtool, a sample each 30 s. */
export type Series = Readonly<Record<string, number | string>>

export interface RuleCase {
  readonly alert: string
  readonly severity: Severity
  /** Beside `severity` and `fleet`. */
  readonly labels: Readonly<Record<string, string>>
  readonly at: Series
  readonly summary: string
  /** When that what `at` has is first seen, seconds. */
  readonly since?: number
  /** Nothing comes of these. */
  readonly below: readonly Series[]
}

interface Levels {
  readonly alert: string
  readonly labels: Readonly<Record<string, string>>
  readonly series: (value: number) => Series
  readonly summary: (value: number) => string
  readonly since?: number
  /** Right below, or right above where less is worse, and right at it. */
  readonly warn: readonly [number, number]
  readonly fail: readonly [number, number]
}

/** Right below `fail` it warns: that is another case. */
const levels = ({ series, summary, warn, fail, ...both }: Levels): RuleCase[] => [
  {
    ...both,
    severity: 'warning',
    at: series(warn[1]),
    summary: summary(warn[1]),
    below: [series(warn[0])],
  },
  {
    ...both,
    severity: 'warning',
    at: series(fail[0]),
    summary: summary(fail[0]),
    below: [],
  },
  {
    ...both,
    severity: 'critical',
    at: series(fail[1]),
    summary: summary(fail[1]),
    below: [series(fail[0])],
  },
]

const BROKER = 'component="redis",connection="hot"'
const HOT = { component: 'redis', connection: 'hot' }
const NODE = 'connection="work",node="rabbit@a"'
const QUEUE = 'connection="work",queue="parcels"'
const JOBS = 'connection="hot",queue="labels"'
const GROUP = 'connection="events",group="pricing",topic="orders"'
/** From 0 to the value after twenty minutes. */
const jump = (value: number) => `0x39 ${value}x100`
const JUMPED = 20 * 60
const cache = (result: string) => `sluice_cache_requests_total{cache="prices",result="${result}"}`
const share = (hits: number) => ({
  [cache('hit')]: `0+${hits}x100`,
  [cache('miss')]: `0+${100 - hits}x100`,
})
const state = (name: string, value: number) => ({
  [`sluice_pipeline_state{pipeline="pricing",state="${name}"}`]: value,
})

export const CASES: readonly RuleCase[] = [
  {
    alert: 'SluiceOpsSilent',
    severity: 'critical',
    labels: {},
    at: {},
    summary: 'Nobody tells how the brokers are',
    below: [{ [`sluice_broker_up{${BROKER}}`]: 0 }],
  },
  {
    alert: 'SluiceBrokerDown',
    severity: 'critical',
    labels: HOT,
    at: { [`sluice_broker_up{${BROKER}}`]: 0 },
    summary: 'redis hot does not answer',
    below: [{ [`sluice_broker_up{${BROKER}}`]: 1 }],
  },
  {
    alert: 'SluiceBrokerUnwell',
    severity: 'critical',
    labels: HOT,
    at: { [`sluice_broker_up{${BROKER}}`]: 1, [`sluice_broker_health{${BROKER}}`]: 2 },
    summary: 'redis hot answers and is unwell',
    below: [
      { [`sluice_broker_up{${BROKER}}`]: 1, [`sluice_broker_health{${BROKER}}`]: 1 },
      // That it is down is said by another.
      { [`sluice_broker_up{${BROKER}}`]: 0, [`sluice_broker_health{${BROKER}}`]: 2 },
    ],
  },
  ...levels({
    alert: 'SluiceBrokerSlow',
    labels: HOT,
    series: (ms) => ({ [`sluice_broker_latency_seconds{${BROKER}}`]: ms / 1_000 }),
    summary: (ms) =>
      `redis hot takes ${ms < 1_000 ? `${ms}ms` : `${ms / 1_000}s`} for one round trip`,
    warn: [99, 100],
    fail: [999, 1_000],
  }),
  ...levels({
    alert: 'SluiceRedisMemory',
    labels: { connection: 'hot' },
    series: (percent) => ({
      'sluice_redis_memory_used_bytes{connection="hot"}': percent * 10,
      'sluice_redis_memory_limit_bytes{connection="hot"}': 1_000,
    }),
    summary: (percent) => `Redis hot uses ${percent} % of its memory`,
    warn: [79, 80],
    fail: [94, 95],
  }),
  {
    alert: 'SluiceRedisEvicts',
    severity: 'critical',
    labels: { connection: 'hot' },
    at: { 'sluice_redis_evicted_keys_total{connection="hot"}': jump(1) },
    since: JUMPED,
    summary: 'Redis hot evicts keys',
    below: [
      { 'sluice_redis_evicted_keys_total{connection="hot"}': 7 },
      { 'sluice_redis_evicted_keys_total{connection="a cache"}': jump(1) },
    ],
  },
  ...levels({
    alert: 'SluiceJobsWaiting',
    labels: { connection: 'hot', queue: 'labels' },
    series: (count) => ({ [`sluice_jobs{${JOBS},state="waiting"}`]: count }),
    summary: (count) => `${count} jobs of labels wait`,
    warn: [999, 1_000],
    fail: [4_999, 5_000],
  }),
  {
    alert: 'SluiceJobsStandStill',
    severity: 'warning',
    labels: { connection: 'hot', queue: 'labels' },
    at: { [`sluice_jobs{${JOBS},state="waiting"}`]: 1, [`sluice_jobs{${JOBS},state="active"}`]: 0 },
    summary: '1 jobs of labels wait, and none is at work',
    below: [
      { [`sluice_jobs{${JOBS},state="waiting"}`]: 1, [`sluice_jobs{${JOBS},state="active"}`]: 1 },
      { [`sluice_jobs{${JOBS},state="waiting"}`]: 0, [`sluice_jobs{${JOBS},state="active"}`]: 0 },
    ],
  },
  {
    alert: 'SluiceRabbitmqAlarm',
    severity: 'critical',
    labels: { connection: 'work', node: 'rabbit@a' },
    at: { [`sluice_rabbitmq_alarms{${NODE}}`]: 1 },
    summary: 'RabbitMQ work: node rabbit@a raised an alarm',
    below: [{ [`sluice_rabbitmq_alarms{${NODE}}`]: 0 }],
  },
  ...levels({
    alert: 'SluiceRabbitmqMemory',
    labels: { connection: 'work', node: 'rabbit@a' },
    series: (percent) => ({
      [`sluice_rabbitmq_memory_used_bytes{${NODE}}`]: percent * 10,
      [`sluice_rabbitmq_memory_limit_bytes{${NODE}}`]: 1_000,
    }),
    summary: (percent) => `RabbitMQ work: node rabbit@a uses ${percent} % of its memory`,
    warn: [79, 80],
    fail: [94, 95],
  }),
  ...levels({
    alert: 'SluiceQueueDeep',
    labels: { connection: 'work', queue: 'parcels' },
    series: (count) => ({ [`sluice_queue_messages{${QUEUE},state="ready"}`]: count }),
    summary: (count) => `${count} messages wait in queue parcels`,
    warn: [999, 1_000],
    fail: [4_999, 5_000],
  }),
  {
    alert: 'SluiceQueueUnread',
    severity: 'critical',
    labels: { connection: 'work', queue: 'parcels' },
    at: {
      [`sluice_queue_messages{${QUEUE},state="ready"}`]: 1,
      [`sluice_queue_consumers{${QUEUE}}`]: 0,
    },
    summary: '1 messages wait in queue parcels, and nobody reads it',
    below: [
      {
        [`sluice_queue_messages{${QUEUE},state="ready"}`]: 1,
        [`sluice_queue_consumers{${QUEUE}}`]: 1,
      },
      {
        [`sluice_queue_messages{${QUEUE},state="ready"}`]: 0,
        [`sluice_queue_consumers{${QUEUE}}`]: 0,
      },
      // What no pipeline reads is somebody else's.
      {
        'sluice_queue_messages{connection="work",queue="parcels.dlq",state="ready"}': 1,
        'sluice_queue_consumers{connection="work",queue="parcels.dlq"}': 0,
      },
    ],
  },
  ...levels({
    alert: 'SluiceLag',
    labels: { connection: 'events', group: 'pricing', topic: 'orders' },
    series: (count) => ({
      [`sluice_group_lag{${GROUP},partition="0"}`]: 400,
      [`sluice_group_lag{${GROUP},partition="1"}`]: count - 400,
      // A second process of ops tells the same.
      [`sluice_group_lag{${GROUP},partition="1",instance="b"}`]: count - 400,
    }),
    summary: (count) => `Group pricing is ${count} behind on orders`,
    warn: [999, 1_000],
    fail: [4_999, 5_000],
  }),
  {
    alert: 'SluiceTopicUnread',
    severity: 'critical',
    labels: { connection: 'events', group: 'pricing', topic: 'orders' },
    at: {
      [`sluice_group_lag{${GROUP},partition="0"}`]: 1,
      [`sluice_group_members{${GROUP}}`]: 0,
    },
    summary: 'Group pricing is 1 behind on orders and has no members',
    below: [
      { [`sluice_group_lag{${GROUP},partition="0"}`]: 1, [`sluice_group_members{${GROUP}}`]: 1 },
      { [`sluice_group_lag{${GROUP},partition="0"}`]: 0, [`sluice_group_members{${GROUP}}`]: 0 },
    ],
  },
  {
    alert: 'SluiceTopicLeaderless',
    severity: 'critical',
    labels: { connection: 'events', topic: 'orders' },
    at: { 'sluice_topic_leaderless_partitions{connection="events",topic="orders"}': 2 },
    summary: '2 partitions of orders have no leader',
    below: [{ 'sluice_topic_leaderless_partitions{connection="events",topic="orders"}': 0 }],
  },
  {
    alert: 'SluiceTopicUnderReplicated',
    severity: 'warning',
    labels: { connection: 'events', topic: 'orders' },
    at: { 'sluice_topic_under_replicated_partitions{connection="events",topic="orders"}': 1 },
    summary: '1 partitions of orders have too few copies',
    below: [{ 'sluice_topic_under_replicated_partitions{connection="events",topic="orders"}': 0 }],
  },
  {
    alert: 'SluiceWorkerMissing',
    severity: 'warning',
    labels: { worker: 'shop' },
    at: {
      'sluice_workers_ready{worker="shop"}': 0,
      'sluice_workers_declared{worker="shop"}': 1,
    },
    summary: 'Only 0 processes of worker shop are ready',
    below: [
      {
        'sluice_workers_ready{worker="shop"}': 1,
        'sluice_workers_declared{worker="shop"}': 1,
      },
    ],
  },
  {
    alert: 'SluiceAlertsPending',
    severity: 'critical',
    labels: {},
    at: { sluice_alerts_pending: 2, 'sluice_alerts_pending{instance="b"}': 0 },
    summary: '2 alerts of the fleet itself cannot be told',
    below: [{ sluice_alerts_pending: 0 }],
  },
  {
    alert: 'SluicePipelineAbsent',
    severity: 'critical',
    labels: { pipeline: 'pricing' },
    at: {
      'sluice_pipeline_state{pipeline="packing",state="runs"}': 1,
      'sluice_pipeline_state{pipeline="labelling",state="runs"}': 1,
      'sluice_pipeline_state{pipeline="noting",state="runs"}': 1,
    },
    summary: 'No process that runs pricing is scraped',
    below: [
      {
        'sluice_pipeline_state{pipeline="pricing",state="runs"}': 0,
        'sluice_pipeline_state{pipeline="packing",state="runs"}': 1,
        'sluice_pipeline_state{pipeline="labelling",state="runs"}': 1,
        'sluice_pipeline_state{pipeline="noting",state="runs"}': 1,
      },
    ],
  },
  {
    alert: 'SluiceDeadLetters',
    severity: 'warning',
    labels: { pipeline: 'pricing' },
    at: { 'sluice_messages_total{pipeline="pricing",outcome="deadLettered"}': jump(1) },
    since: JUMPED,
    summary: 'pricing gives messages up',
    below: [
      { 'sluice_messages_total{pipeline="pricing",outcome="deadLettered"}': 7 },
      { 'sluice_messages_total{pipeline="pricing",outcome="acked"}': jump(1) },
    ],
  },
  {
    alert: 'SluicePipelinePaused',
    severity: 'critical',
    labels: { pipeline: 'pricing' },
    at: state('paused', 1),
    summary: 'pricing is paused by its guard',
    below: [state('paused', 0), state('waits', 1)],
  },
  {
    alert: 'SluicePipelineStalled',
    severity: 'critical',
    labels: { pipeline: 'pricing' },
    at: state('stalled', 1),
    summary: 'pricing makes no progress while messages wait',
    below: [state('stalled', 0), state('runs', 1)],
  },
  {
    alert: 'SluicePipelineApart',
    severity: 'critical',
    labels: { pipeline: 'pricing' },
    at: state('apart', 1),
    summary: 'pricing has no part of its source',
    below: [state('apart', 0), state('runs', 1)],
  },
  ...levels({
    alert: 'SluiceRebalances',
    labels: { pipeline: 'pricing' },
    series: (count) => ({ 'sluice_rebalances_total{pipeline="pricing"}': jump(count) }),
    summary: () => 'The partitions of pricing are given out again and again',
    since: JUMPED,
    warn: [4, 5],
    fail: [19, 20],
  }),
  {
    alert: 'SluiceBreakerOpen',
    severity: 'warning',
    labels: { breaker: 'carrier' },
    // Back and forth between open and half open.
    at: { 'sluice_breaker_state{breaker="carrier",state="closed"}': 0 },
    summary: 'Breaker carrier is open',
    below: [{ 'sluice_breaker_state{breaker="carrier",state="closed"}': 1 }],
  },
  ...levels({
    alert: 'SluiceCacheMisses',
    labels: { cache: 'prices' },
    series: share,
    summary: (percent) => `Cache prices answers ${percent} % of what it is asked`,
    since: 30,
    // Not at the edge itself: rates are no whole numbers.
    warn: [51, 49],
    fail: [11, 9],
  }),
  {
    alert: 'SluiceCacheBypassed',
    severity: 'warning',
    labels: { cache: 'prices' },
    at: { 'sluice_cache_bypasses_total{cache="prices"}': '0+1x100' },
    since: 30,
    summary: 'Pipelines go on without cache prices',
    below: [
      { 'sluice_cache_bypasses_total{cache="prices"}': 3 },
      // Too few questions to say anything.
      { [cache('miss')]: '0+1x100', [cache('hit')]: 0 },
    ],
  },
]
