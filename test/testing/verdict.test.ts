// What a case that fails says, and where; each kind of difference once, and beside it the case that passes.
import { describe, expect, test } from 'vitest'
import { failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'

const EVENTS = `events: [${order('a1')}]`
const BILLED = 'events: { billed: [{ key: a, value: { total: 5 } }] }'

interface Verdict {
  readonly what: string
  readonly given?: string
  readonly expect: string
  readonly says: readonly string[]
}

const VERDICTS: readonly Verdict[] = [
  { what: 'everything as expected', expect: BILLED, says: [] },
  {
    what: 'another value, at the field that differs',
    expect: 'events: { billed: [{ value: { total: 6 } }] }',
    says: ['7:44 topic billed: an event is not as expected'],
  },
  {
    what: 'another key',
    expect: 'events: { billed: [{ key: b, value: { total: 5 } }] }',
    says: ['7:33 topic billed: an event is not as expected'],
  },
  {
    what: 'another header',
    expect: 'events: { billed: [{ headers: { ce_type: orders } }] }',
    says: ['7:48 topic billed: an event is not as expected'],
  },
  {
    what: 'what did not arrive',
    expect: 'events: { billed: [{ value: { total: 5 } }, { value: { total: 7 } }] }',
    says: ['7:51 topic billed: an event did not arrive'],
  },
  {
    what: 'more than is named at a destination that is named',
    expect: 'events: { billed: [] }',
    says: ['7:17 topic billed: an event arrived that is not expected'],
  },
  {
    what: 'something at a destination that is not named',
    expect: 'counts: { acked: 1 }',
    says: ['6:5 topic billed: an event arrived where nothing is expected'],
  },
  { what: 'others, when they are allowed', expect: 'others: allow', says: [] },
  {
    what: 'a destination that is named, though others are allowed',
    expect: 'others: allow\nevents: { billed: [] }',
    says: ['8:17 topic billed: an event arrived that is not expected'],
  },
  {
    what: 'a cache that is not named',
    expect: `${BILLED}\ncaches: { prices: [{ key: a1, value: { total: 5 } }] }`,
    says: [],
  },
  {
    what: 'another entry in a cache',
    expect: `${BILLED}\ncaches: { prices: [{ key: b1 }] }`,
    says: ['8:33 cache prices: an entry is not as expected'],
  },
  {
    what: 'another count',
    expect: `${BILLED}\ncounts: { acked: 1, retried: 1 }`,
    says: ['8:36 counts: retried'],
  },
  {
    what: 'another number of calls',
    expect: `${BILLED}\ncalls: { quote: 1, charge: 0 }`,
    says: ['8:34 calls: charge'],
  },
  {
    what: 'commits by partition',
    expect: `${BILLED}\ncommits: { partitions: { 0: 1 } }`,
    says: [],
  },
  {
    what: 'another commit, and one nobody expects',
    expect: `${BILLED}\ncommits: { partitions: { 1: 1 } }`,
    says: ['8:35 commits: 1', '8:18 partition 0 has a commit that is not expected'],
  },
  {
    what: 'another dead letter',
    given: `${EVENTS}\nhandlers: { quote: [{ throw: { message: no, permanent: true } }] }`,
    expect: 'deadLetters: { orders.dlq: [{ code: SLU5102, step: settle }] }',
    says: ['8:58 destination orders.dlq: a dead letter is not as expected'],
  },
  {
    what: 'a command that is too much',
    given: `${EVENTS}\nhandlers: { quote: [{ return: { total: 101 } }] }`,
    expect: 'others: allow\ncommands: { alerts: [] }',
    says: ['9:19 queue alerts: a command arrived that is not expected'],
  },
  {
    what: 'a guard that does not pause',
    expect: `${BILLED}\npaused: true`,
    says: ['6:5 the guard did not pause the pipeline'],
  },
  {
    what: 'a guard that pauses',
    given: `events: [${['a1', 'b1', 'c1'].map((id) => order(id)).join(', ')}]\nhandlers: { quote: [{ throw: { message: no, permanent: true } }] }`,
    expect: 'others: allow',
    says: ['3:11 the guard paused the pipeline (SLU5502)'],
  },
]

describe('a verdict', () => {
  test.each(VERDICTS)('$what', async ({ given = EVENTS, expect: wanted, says }) => {
    const run = await runOne(oneCase(given, wanted))
    expect(failuresOf(run)).toEqual(says)
    expect(run.cases[0]?.status).toBe(says.length === 0 ? 'passed' : 'failed')
  })

  test('expected beside actual, and what became of each message, as a person reads it', async () => {
    const { text } = await runOne(
      oneCase(
        `events:\n  - { key: a, value: { id: a1, sku: a1 } }\n  - { key: b, raw: nonsense }\nhandlers: { charge: [{ throw: { message: no money } }, { return: {} }] }`,
        'events:\n  billed:\n    - value: { total: 6, note: late }\ndeadLetters: { orders.dlq: [{ attempts: 2 }] }',
      ),
    )
    expect(text).toBe(`pipelines/billing.test.yaml
  ✗ the case, 30 s of virtual time

    pipelines/billing.test.yaml:12:29  topic billed: an event is not as expected
      11 |         billed:
      12 |           - value: { total: 6, note: late }
         |                             ^
      value.total
        expected  6
        actual    5
      value.note
        expected  late
        actual    nothing

    pipelines/billing.test.yaml:13:47  destination orders.dlq: a dead letter is not as expected
      12 |           - value: { total: 6, note: late }
      13 |       deadLetters: { orders.dlq: [{ attempts: 2 }] }
         |                                               ^
      attempts
        expected  2
        actual    1

    what happened
      given message 1 (pipelines/billing.test.yaml:6:11): acked, 2 attempts, 30 s, partition/offset 0/0
        attempt 1: SLU5101 handler charge: no money  (step settle, pipelines/billing.yaml:15:13)
        price     cache prices  { total: 5 }
        alert     skipped: price.total > 100 is false  (pipelines/billing.yaml:12:11)
        settle    call charge  {}
        announce  event to billed  { total: 5 }
      given message 2 (pipelines/billing.test.yaml:7:11): dead-lettered, 1 attempt, 0 ms, partition/offset 0/1
        attempt 1: SLU5001 the value is not valid JSON: Unexpected token 'o'

`)
  })

  test('what is missing, what is too much, and why', async () => {
    const { text } = await runOne(
      oneCase(
        `events: [${order('a1')}, { key: b, value: { id: b1, sku: free } }]`,
        'commands: { alerts: [{ contains: { total: 5 } }] }',
      ),
    )
    expect(text).toBe(`pipelines/billing.test.yaml
  ✗ the case

    pipelines/billing.test.yaml:7:28  queue alerts: a command did not arrive
      6 |     expect:
      7 |       commands: { alerts: [{ contains: { total: 5 } }] }
        |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^
      expected
        value  { total: 5 }

    pipelines/billing.test.yaml:6:5  topic billed: an event arrived where nothing is expected
      5 |       events: [{ key: a, value: { id: a1, sku: a1 } }, { key: b, value: { id: b1, sku: free } }]
      6 |     expect:
        |     ^^^^^^
      arrived
        key    a
        value  { total: 5 }

    what happened
      given message 1 (pipelines/billing.test.yaml:5:16): acked, 1 attempt, 0 ms, partition/offset 0/0
        price     cache prices: miss  { total: 5 }
        alert     skipped: price.total > 100 is false  (pipelines/billing.yaml:12:11)
        settle    call charge  {}
        announce  event to billed  { total: 5 }
      given message 2 (pipelines/billing.test.yaml:5:56): filtered, 1 attempt, 0 ms, partition/offset 0/1
        event.data.sku !== 'free' is false  (pipelines/billing.yaml:3:7)

`)
  })

  test('a file cannot steer the terminal', async () => {
    const { text } = await runOne(
      oneCase(EVENTS, 'events: { billed: [] }', '"red \\e[31m and \\u202e"'),
    )
    expect(text).toContain('red \\u001b[31m and \\u202e')
    expect(text).not.toContain('\u001b')
  })
})

describe('order', () => {
  const given = (orders: readonly string[]) =>
    `events: [${orders.map((id) => order(id)).join(', ')}]`
  const expected = (...totals: number[]) =>
    `events: { billed: [${totals.map((total) => `{ value: { total: ${total} } }`).join(', ')}] }`
  const handlers = {
    ...HANDLERS,
    quote: (input: unknown) => ({ total: Number((input as { id: string }).id.slice(1)) }),
  }

  test('messages of one key stand in the order of their causes', async () => {
    const file = (...totals: number[]) => oneCase(given(['a1', 'a2', 'a3']), expected(...totals))
    expect(failuresOf(await runOne(file(1, 2, 3), handlers))).toEqual([])
    expect(failuresOf(await runOne(file(2, 1, 3), handlers))).toEqual([
      '7:26 topic billed: in another order; order: key promises the written one',
    ])
  })

  test('messages of different keys stand in any order', async () => {
    const file = oneCase(given(['a1', 'b2', 'a3']), expected(2, 1, 3))
    expect(failuresOf(await runOne(file, handlers))).toEqual([])
  })

  test('order: any asks for none', async () => {
    const file = oneCase(given(['a1', 'a2']), `order: any\n${expected(2, 1)}`)
    expect(failuresOf(await runOne(file, handlers))).toEqual([])
  })

  test('order: none promises none', async () => {
    const pipeline = (FILES['pipelines/billing.yaml'] ?? '').replace('order: key', 'order: none')
    const file = oneCase(given(['a1', 'a2']), expected(2, 1))
    const run = await runOne(file, handlers, { 'pipelines/billing.yaml': pipeline })
    expect(failuresOf(run)).toEqual([])
  })
})
