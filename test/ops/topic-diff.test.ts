// What becomes of a topic that is missing, the same, or different: each field with its risk.
import { describe, expect, test } from 'vitest'
import type { FoundTopic, TopicField } from '../../workers/core/admin.ts'
import type { Topic } from '../../workers/core/contract.ts'
import type { Flag, Value } from '../../workers/ops/changes.ts'
import { diffTopics } from '../../workers/ops/topic-diff.ts'
import { allowing, foundTopic, topicOf } from './support.ts'

const diff = (topic: Topic, found: FoundTopic | undefined, ...allow: Flag[]) =>
  diffTopics(
    'events',
    [topic],
    {
      topics: new Map(found === undefined ? [] : [[topic.address, found]]),
      undeclared: [],
    },
    allowing(...allow),
  )

test('a missing topic is made, with what is declared and no more', () => {
  const topic = topicOf({ retention: { timeMs: 'forever' }, minInSync: 1 })
  const { changes, drift } = diff(topic, undefined)
  expect(changes).toEqual([
    {
      symbol: '+',
      kind: 'topic',
      connection: 'events',
      name: 'p.orders',
      field: null,
      from: null,
      to: { partitions: 2, 'retention.time': 'forever', minInSync: 1 },
      risk: 'safe',
      flag: null,
      code: null,
      reason: null,
      where: 'pipelines/fleet.yaml:12',
      action: { do: 'create-topic', topic },
    },
  ])
  expect(drift).toEqual([])
})

describe('a topic that is as declared', () => {
  test.each<[string, Partial<Topic>, FoundTopic]>([
    ['in everything', {}, foundTopic()],
    [
      'where the cluster has a limit and a policy of its own, and fleet.yaml none',
      {},
      foundTopic(
        {},
        {
          settings: {
            ...foundTopic().settings,
            maxBytes: { value: 8_000_000, own: false },
            cleanup: { value: 'compact', own: false },
          },
        },
      ),
    ],
    ['by the default of the cluster', { retention: { timeMs: 604_800_000 } }, foundTopic()],
    [
      'with settings of its own',
      { cleanup: 'compact-delete', retention: { timeMs: 'forever', bytes: 5 }, maxBytes: 9 },
      foundTopic({
        cleanup: 'compact-delete',
        'retention.time': 'forever',
        'retention.bytes': 5,
        maxBytes: 9,
      }),
    ],
    ['in its copies', { replication: 3 }, foundTopic({}, { replication: 3 })],
  ])('%s: nothing to change', (_, declared, found) => {
    expect(diff(topicOf(declared), found)).toEqual({ changes: [], drift: [] })
  })
})

interface Case {
  readonly declared: Partial<Topic>
  readonly found: FoundTopic
  readonly field: string
  readonly from: Value
  readonly to: Value
  /** `safe`, the flag that it takes, or `never`. */
  readonly needs: 'safe' | 'never' | Flag
}
const kept = (timeMs: number | 'forever') => ({ retention: { timeMs } })
const time = (declared: number | 'forever', found: number | 'forever', needs: Case['needs']) => ({
  declared: kept(declared),
  found: foundTopic({ 'retention.time': found }),
  field: 'retention.time',
  from: found,
  to: declared,
  needs,
})
const cleanup = (declared: Topic['cleanup'], found: Topic['cleanup'], needs: Case['needs']) => ({
  declared: { cleanup: declared },
  found: foundTopic({ cleanup: found }),
  field: 'cleanup',
  from: found,
  to: declared,
  needs,
})
const count = (declared: number, needs: Case['needs']) => ({
  declared: { partitions: declared },
  found: foundTopic(),
  field: 'partitions',
  from: 2,
  to: declared,
  needs,
})
const CASES: readonly Case[] = [
  time(2_000, 1_000, 'safe'),
  time('forever', 1_000, 'safe'),
  time(1_000, 2_000, 'retention'),
  time(1_000, 'forever', 'retention'),
  {
    declared: { retention: { bytes: 10 } },
    found: foundTopic(),
    field: 'retention.bytes',
    from: 'forever',
    to: 10,
    needs: 'retention',
  },
  cleanup('compact', 'delete', 'retention'),
  cleanup('delete', 'compact', 'retention'),
  cleanup('compact-delete', 'delete', 'retention'),
  cleanup('compact-delete', 'compact', 'retention'),
  cleanup('compact', 'compact-delete', 'safe'),
  cleanup('delete', 'compact-delete', 'safe'),
  {
    declared: { minInSync: 2 },
    found: foundTopic({}, { replication: 3 }),
    field: 'minInSync',
    from: 1,
    to: 2,
    needs: 'safe',
  },
  {
    declared: { minInSync: 2 },
    found: foundTopic({}, { replication: 1 }),
    field: 'minInSync',
    from: 1,
    to: 2,
    needs: 'never',
  },
  {
    declared: {},
    found: foundTopic({ maxBytes: 2_000_000 }),
    field: 'maxBytes',
    from: 2_000_000,
    to: 1_048_588,
    needs: 'safe',
  },
  {
    declared: { replication: 3 },
    found: foundTopic(),
    field: 'replication',
    from: 1,
    to: 3,
    needs: 'never',
  },
  count(3, 'partitions'),
  count(1, 'never'),
]

const ALL: readonly Flag[] = ['partitions', 'retention', 'recreate', 'unbind']
const CODE: Record<string, string> = {
  partitions: 'SLU0391',
  retention: 'SLU0392',
  never: 'SLU0395',
}

test.each(CASES)('$field $from → $to: $needs', ({ declared, found, needs, ...expected }) => {
  const one = (...allow: Flag[]) => {
    const { changes } = diff(topicOf(declared), found, ...allow)
    expect(changes).toHaveLength(1)
    return changes[0]
  }
  const code = CODE[needs] ?? null
  expect(one()).toMatchObject({ ...expected, code, risk: needs === 'safe' ? 'safe' : 'refused' })
  // No other flag helps, and its own does.
  expect(one(...ALL.filter((flag) => flag !== needs))?.risk).toBe(one()?.risk)
  const allowed = one(...ALL)
  expect(allowed?.risk).toBe({ safe: 'safe', never: 'refused' }[needs as string] ?? 'allowed')
  // What may be carried out can be, and nothing else.
  expect(allowed?.action === undefined).toBe(needs === 'never')
  if (needs !== 'safe') expect(allowed?.reason).toMatch(/\w{3}/)
})

test('what nobody declared is drift, and no change', () => {
  const found = foundTopic(
    { 'retention.time': 60_000, minInSync: 1 },
    { others: { 'segment.ms': '1000' } },
  )
  const { changes, drift } = diffTopics(
    'events',
    [topicOf()],
    { topics: new Map([['p.orders', found]]), undeclared: ['p.old'] },
    allowing(...ALL),
  )
  expect(changes).toEqual([])
  expect(drift.map(({ name, field, value }) => [name, field, value])).toEqual([
    ['p.old', null, null],
    ['p.orders', 'retention.time', 60_000],
    ['p.orders', 'minInSync', 1],
    ['p.orders', 'segment.ms', '1000'],
  ])
})

test('every field that can be set has a case', () => {
  const fields: TopicField[] = [
    'retention.time',
    'retention.bytes',
    'cleanup',
    'minInSync',
    'maxBytes',
  ]
  const shown = new Set(CASES.map(({ field }) => field))
  expect(fields.filter((field) => !shown.has(field))).toEqual([])
})
