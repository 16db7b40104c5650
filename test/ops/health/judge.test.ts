// What is pass, warn and fail: each broker by what it says of itself, each threshold at its edge, and the worst deciding.
import { describe, expect, it } from 'vitest'
import type {
  KafkaFacts,
  RabbitmqFacts,
  RedisFacts,
  RedisNodeFacts,
  RedisServerFacts,
  RedisShardFacts,
} from '../../../workers/core/facts.ts'
import type { HealthPlan } from '../../../workers/core/plan.ts'
import { worst, type HealthCheck } from '../../../workers/ops/health/health.ts'
import { kafkaChecks } from '../../../workers/ops/health/kafka.ts'
import { rabbitmqChecks } from '../../../workers/ops/health/rabbitmq.ts'
import { jobChecks, redisChecks } from '../../../workers/ops/health/redis.ts'
import { size } from '../../../workers/ops/health/thresholds.ts'

const PLAN: HealthPlan = {
  withinMs: 2_000,
  latencyMs: { warn: 100, fail: 1_000 },
  memoryPercent: { warn: 80, fail: 95 },
  depth: { warn: 100, fail: 1_000 },
  lag: { warn: 100, fail: undefined },
  hitPercent: { warn: 50, fail: 10 },
  rebalances: { warn: 10, fail: undefined },
}

const brief = (checks: readonly HealthCheck[]) =>
  checks
    .filter(({ status }) => status !== 'pass')
    .map(({ name, status, code }) => `${name} ${status} ${code}`)

const REDIS: RedisFacts = {
  version: '7.0.15',
  latencyMs: 1,
  uptimeSeconds: 10,
  clients: 3,
  memory: { usedBytes: 10, limitBytes: 1_000, policy: 'noeviction' },
  persistence: { appendOnly: true, lastWriteOk: true, loading: false },
  cluster: { enabled: false, role: 'master', replicas: 0 },
  keyspace: { hits: 0, misses: 0, evicted: 0 },
  shards: null,
}
const KEEPS = { keeps: ['state'], caches: ['cache predictions'] }
const CACHES = { keeps: [], caches: ['cache predictions'] }

describe('Redis', () => {
  const redis = (more: Partial<RedisFacts>, role = KEEPS) =>
    brief(redisChecks({ ...REDIS, ...more }, role, PLAN, false))
  const memory = (usedBytes: number, policy = 'noeviction') => ({
    memory: { usedBytes, limitBytes: 1_000, policy },
  })
  it.each<[string, Partial<RedisFacts>, typeof KEEPS, string[]]>([
    ['is fine', {}, KEEPS, []],
    ['is slow from its threshold on', { latencyMs: 100 }, KEEPS, ['latency warn SLU1190']],
    ['is not slow right below', { latencyMs: 99.9 }, KEEPS, []],
    ['fails where it is too slow', { latencyMs: 1_000 }, KEEPS, ['latency fail SLU1190']],
    ['is nearly full', memory(800), KEEPS, ['memory warn SLU1191']],
    ['is full', memory(950), KEEPS, ['memory fail SLU1191']],
    ['evicts what must be kept', memory(1, 'allkeys-lru'), KEEPS, ['eviction fail SLU5406']],
    ['evicts caches', memory(1, 'allkeys-lru'), CACHES, []],
    ['would refuse a cache', memory(1), CACHES, ['eviction warn SLU1192']],
    [
      'has no limit to reach',
      { memory: { usedBytes: 1, limitBytes: null, policy: 'noeviction' } },
      CACHES,
      [],
    ],
    [
      'forgets at a restart',
      { persistence: { appendOnly: false, lastWriteOk: true, loading: false } },
      KEEPS,
      ['persistence fail SLU5407'],
    ],
    [
      'may forget caches',
      { persistence: { appendOnly: false, lastWriteOk: true, loading: false } },
      { keeps: [], caches: [] },
      ['eviction warn SLU1192'],
    ],
    [
      'cannot write to disk',
      { persistence: { appendOnly: true, lastWriteOk: false, loading: false } },
      KEEPS,
      ['persistence fail SLU1193'],
    ],
    [
      'loads its data',
      { persistence: { appendOnly: true, lastWriteOk: true, loading: true } },
      KEEPS,
      ['server fail SLU1194'],
    ],
    [
      'is a replica',
      { cluster: { enabled: false, role: 'slave', replicas: 0 } },
      KEEPS,
      ['server fail SLU1194'],
    ],
  ])('%s', (_what, more, role, expected) => {
    expect(redis(more, role)).toEqual(expected)
  })

  describe('as a cluster', () => {
    const { version: _version, latencyMs: _latency, shards: _shards, ...server } = REDIS
    const node = (port: number, more: Partial<RedisServerFacts> = {}): RedisNodeFacts => ({
      address: `a:${port}`,
      role: 'master',
      state: 'up',
      slots: port === 1 ? 5_462 : 5_461,
      server: { ...server, ...more },
    })
    const whole: RedisShardFacts = {
      ok: true,
      slotsServed: 16_384,
      nodes: [node(1), node(2), node(3)],
      strangers: [],
    }
    const lost = { ...node(3), state: 'down', server: null } as const
    it.each<[string, Partial<RedisShardFacts>, string[]]>([
      ['is whole', {}, []],
      [
        'has a master that evicts',
        { nodes: [node(1), node(2, memory(1, 'allkeys-lru')), node(3)] },
        ['eviction fail SLU5406'],
      ],
      ['has a full master', { nodes: [node(1), node(2, memory(950))] }, ['memory fail SLU1191']],
      [
        'has lost a replica',
        { nodes: [...whole.nodes, { ...lost, role: 'replica', slots: 0 }] },
        ['nodes warn SLU1207'],
      ],
      [
        'has lost a master with its slots, and serves the others',
        { nodes: [node(1), node(2), lost], slotsServed: 10_923 },
        ['slots fail SLU1206', 'nodes warn SLU1207'],
      ],
      ['takes nothing', { ok: false }, ['slots fail SLU1206']],
      ['is named with another server', { strangers: ['b:1'] }, ['named nodes warn SLU1208']],
    ])('%s', (_what, more, expected) => {
      expect(redis({ shards: { ...whole, ...more } })).toEqual(expected)
    })

    it('names the master that is unwell, and says once what all of them say', () => {
      const nodes = [node(1), node(2, memory(1, 'allkeys-lru')), node(3)]
      const facts = { ...REDIS, shards: { ...whole, nodes } }
      const said = redisChecks(facts, KEEPS, PLAN, false).map(({ name, detail }) => [name, detail])
      expect(said).toContainEqual(['eviction', 'a:2: allkeys-lru, and it holds state'])
      expect(said).toContainEqual(['persistence', 'appendonly (each of 3 masters)'])
    })
  })

  it('warns of jobs that pile up', () => {
    const jobs = [99, 100, 1_000].map((waiting) => ({
      name: `q${waiting}`,
      address: 'a',
      waiting,
      active: 0,
      delayed: 9_999,
      failed: 9_999,
    }))
    expect(brief(jobChecks(jobs, PLAN))).toEqual([
      'jobs q100 warn SLU1197',
      'jobs q1000 fail SLU1197',
    ])
  })
})

const NODE = {
  name: 'n',
  running: true,
  alarms: [],
  partitions: [],
  memory: { usedBytes: 1, limitBytes: 100 },
  disk: { freeBytes: 1, limitBytes: 1 },
}
const QUEUE = {
  name: 'alerts',
  address: 'alerts',
  there: true,
  ready: 0,
  unacknowledged: 0,
  rates: null,
  consumers: 1,
}
const RABBITMQ: RabbitmqFacts = {
  version: '3.10.8',
  latencyMs: 1,
  cluster: { name: 'c', nodes: [NODE] },
  connections: 1,
  queues: [QUEUE],
  missingExchanges: [],
  permissions: null,
}

describe('RabbitMQ', () => {
  const rabbitmq = (more: Partial<RabbitmqFacts>, read = ['alerts']) =>
    brief(rabbitmqChecks({ ...RABBITMQ, ...more }, new Set(read), PLAN))
  const nodes = (more: Partial<typeof NODE> & object) => ({
    cluster: { name: 'c', nodes: [{ ...NODE, ...more }] },
  })
  it.each<[string, Partial<RabbitmqFacts>, string[], string[]]>([
    ['is fine', {}, ['alerts'], []],
    ['has an alarm', nodes({ alarms: ['memory'] as never[] }), [], ['node n fail SLU5308']],
    ['is split', nodes({ partitions: ['m'] as never[] }), [], ['node n fail SLU1195']],
    ['has a node that is down', nodes({ running: false }), [], ['node n warn SLU1195']],
    [
      'is nearly full',
      nodes({ memory: { usedBytes: 85, limitBytes: 100 } }),
      [],
      ['memory of n warn SLU1191'],
    ],
    [
      'has a deep queue',
      { queues: [{ ...QUEUE, ready: 100 }] },
      ['alerts'],
      ['queue alerts warn SLU1197'],
    ],
    [
      'has messages that nobody takes',
      { queues: [{ ...QUEUE, ready: 1, consumers: 0 }] },
      ['alerts'],
      ['queue alerts warn SLU1198'],
    ],
    [
      'has messages for somebody else',
      { queues: [{ ...QUEUE, ready: 9_999, consumers: 0 }] },
      [],
      [],
    ],
    [
      'knows nothing of its nodes',
      {
        cluster: { name: null, nodes: null },
        unasked: { code: 'SLU1140', message: 'away', fix: 'enable it' },
      },
      [],
      [],
    ],
  ])('%s', (_what, more, read, expected) => {
    expect(rabbitmq(more, read)).toEqual(expected)
  })

  it('says that its management API was not asked, and what to do', () => {
    const unasked = { code: 'SLU1140', message: 'it is away', fix: 'enable it' }
    const checks = rabbitmqChecks({ ...RABBITMQ, unasked }, new Set(), PLAN)
    expect(checks).toContainEqual({
      name: 'management',
      status: 'pass',
      detail: 'not asked: it is away',
      next: 'enable it',
    })
  })
})

const TOPIC = {
  name: 'ml_events',
  address: 'ml_events',
  partitions: 4,
  leaderless: [],
  underReplicated: [],
}
const GROUP = {
  name: 'g',
  address: 'g',
  topic: 'ml_events',
  state: 'Stable',
  members: 1,
  partitions: [],
  lag: 0,
}
const KAFKA: KafkaFacts = {
  version: null,
  latencyMs: 1,
  cluster: { id: 'c', controller: 1, brokers: [{ id: 1, address: 'a:1' }] },
  topics: [TOPIC],
  groups: [GROUP],
}

describe('Kafka', () => {
  it.each<[string, Partial<KafkaFacts>, string[]]>([
    ['is fine', {}, []],
    [
      'has partitions without a leader',
      { topics: [{ ...TOPIC, leaderless: [1, 3] }] },
      ['leaders fail SLU1199'],
    ],
    [
      'has partitions with too few copies',
      { topics: [{ ...TOPIC, underReplicated: [0] }] },
      ['replicas warn SLU1200'],
    ],
    ['has a group far behind', { groups: [{ ...GROUP, lag: 100 }] }, ['group g warn SLU1201']],
    [
      'has a group without members',
      { groups: [{ ...GROUP, lag: 1, members: 0 }] },
      ['group g warn SLU1198'],
    ],
    ['has a group that is done', { groups: [{ ...GROUP, members: 0 }] }, []],
  ])('%s', (_what, more, expected) => {
    expect(brief(kafkaChecks({ ...KAFKA, ...more }, PLAN))).toEqual(expected)
  })

  it('names the partitions, and not all of a thousand', () => {
    const leaderless = Array.from({ length: 1_000 }, (_, n) => n)
    const topic = { ...TOPIC, partitions: 1_000, leaderless }
    const check = kafkaChecks({ ...KAFKA, topics: [topic] }, PLAN).find(
      ({ name }) => name === 'leaders',
    )
    expect(check?.detail).toMatch(/^1000 of 1000 are without a leader: ml_events\/0, .* …$/)
    expect(check?.detail.length).toBeLessThan(250)
  })
})

it('takes the worst, and nothing for fine', () => {
  const of = (...all: ('pass' | 'warn' | 'fail')[]) => worst(all.map((status) => ({ status })))
  expect([of(), of('pass'), of('pass', 'warn'), of('warn', 'fail', 'pass')]).toEqual([
    'pass',
    'pass',
    'warn',
    'fail',
  ])
})

it('says sizes as people do', () => {
  expect([0, 1_023, 1_024, 1_536, 10 * 1024 ** 3].map(size)).toEqual([
    '0 B',
    '1023 B',
    '1 KiB',
    '1.5 KiB',
    '10 GiB',
  ])
})
