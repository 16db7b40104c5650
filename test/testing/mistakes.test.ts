// Each mistake in a test file gives its code at its place, with what was probably meant; and nothing else.
import { describe, expect, test } from 'vitest'
import { CODES } from '../../workers/core/codes.ts'
import type { Diagnostic } from '../../workers/core/diagnostic.ts'
import { compileOne, FILES, oneCase, order } from './project.ts'

const EVENTS = `events: [${order('a1')}]`
const ALLOW = 'others: allow'

interface Mistake {
  readonly what: string
  readonly given?: string
  readonly expect?: string
  /** `line:column code` */
  readonly at: string
  /** In message or hint. */
  readonly says: string
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'a message with two bodies',
    given: `events: [{ raw: a, base64: YQ== }]`,
    at: '5:26 SLU0350',
    says: 'exactly one of value, raw, base64',
  },
  {
    what: 'an outcome that does nothing',
    given: `${EVENTS}\nhandlers: { quote: [{}] }`,
    at: '6:27 SLU0350',
    says: 'none of return, throw, timeout, real',
  },
  {
    what: 'a given value that does not fit',
    given: 'events: [{ value: { id: a1, sku: 7 } }]',
    at: '5:40 SLU0352',
    says: 'events/order',
  },
  {
    what: 'a given cache entry that does not fit',
    given: `${EVENTS}\ncaches: { prices: [{ key: a1, value: { total: -1 } }] }`,
    at: '6:53 SLU0352',
    says: 'invalid: true',
  },
  {
    what: 'a value marked invalid that fits',
    given: `events: [${order('a1', ', invalid: true')}]`,
    at: '5:54 SLU0353',
    says: 'break the value',
  },
  {
    what: 'an event that the schema forbids',
    expect: 'events: { billed: [{ value: { total: five } }] }',
    at: '7:44 SLU0354',
    says: 'events/bill',
  },
  {
    what: 'part of a command that the schema forbids, though the rest may be there',
    expect: 'commands: { alerts: [{ contains: { note: 5 } }] }',
    at: '7:48 SLU0354',
    says: 'events/bill',
  },
  {
    what: 'a routing key on the way to a queue',
    expect: 'commands: { alerts: [{ key: high }] }',
    at: '7:30 SLU0354',
    says: 'no routing key',
  },
  {
    what: 'a code that no dead letter has',
    expect: 'deadLetters: { orders.dlq: [{ code: SLU5109 }] }',
    at: '7:43 SLU0354',
    says: 'SLU5109',
  },
  {
    what: 'a partition that the topic does not have',
    expect: `${ALLOW}\ncommits: { partitions: { 2: 1 } }`,
    at: '8:32 SLU0354',
    says: 'from 0 to 1',
  },
  {
    what: 'a topic that the pipeline does not send to',
    expect: 'events: { billd: [] }',
    at: '7:17 SLU0355',
    says: 'billed',
  },
  {
    what: 'a queue of the fleet that the pipeline does not use',
    expect: 'commands: { idle: [] }',
    at: '7:19 SLU0355',
    says: 'sends no commands to "idle"',
  },
  {
    what: 'a handler that the pipeline does not call',
    given: `${EVENTS}\nhandlers: { quotes: [{ real: true }] }`,
    at: '6:19 SLU0355',
    says: 'quote',
  },
  {
    what: 'a connection that the pipeline does not use',
    given: `${EVENTS}\nfaults: [{ connection: works, away: { from: 0ms, for: 1s } }]`,
    at: '6:30 SLU0355',
    says: 'work',
  },
  {
    what: 'a cache that the pipeline does not use',
    given: `${EVENTS}\ncaches: { price: [] }`,
    at: '6:17 SLU0355',
    says: 'prices',
  },
  {
    what: 'a step that the pipeline does not have',
    expect: 'deadLetters: { orders.dlq: [{ step: setle }] }',
    at: '7:43 SLU0355',
    says: 'settle',
  },
  {
    what: 'a matcher that there is not',
    expect: 'events: { billed: [{ value: { total: { $aprox: { value: 5, within: 1 } } } }] }',
    at: '7:46 SLU0356',
    says: '$approx',
  },
  {
    what: 'a matcher beside something else',
    expect: 'events: { billed: [{ value: { $any: true, total: 5 } }] }',
    at: '7:37 SLU0356',
    says: 'alone',
  },
  {
    what: 'a pattern that cannot be read',
    expect: 'events: { billed: [{ value: { note: { $pattern: "(" } } }] }',
    at: '7:45 SLU0356',
    says: 'Unterminated group',
  },
  {
    what: 'an unknown field',
    expect: 'deadletters: { orders.dlq: [] }',
    at: '7:7 SLU0201',
    says: 'deadLetters',
  },
  {
    what: 'two outages of one connection at a time',
    given: `${EVENTS}\nfaults: [{ connection: work, away: { from: 0ms, for: 10s } }, { connection: work, away: { from: 5s, for: 10s } }]`,
    at: '6:95 SLU0357',
    says: 'away already',
  },
]

const placeOf = ({ line, column, code }: Diagnostic) => `${line}:${column} ${code}`

describe('a mistake in a test file', () => {
  test.each(MISTAKES)(
    '$what: $at',
    async ({ given = EVENTS, expect: wanted = ALLOW, at, says }) => {
      const { diagnostics, files } = await compileOne(oneCase(given, wanted))
      expect(diagnostics.map(placeOf)).toEqual([at])
      expect(`${diagnostics[0]?.message} ${diagnostics[0]?.hint}`).toContain(says)
      expect(files).toEqual([])
    },
  )

  test('all of them are found in one go, in every case', async () => {
    const text = `pipeline: billing
cases:
  - name: twice
    given: { events: [{ value: { id: 1, sku: a } }], cache: {} }
    expect: { events: { bild: [] } }
  - name: twice
    given: { events: [] }
    expect: { counts: { acked: -1 } }
`
    const { diagnostics } = await compileOne(text)
    expect(diagnostics.map(placeOf)).toEqual([
      '4:38 SLU0352',
      '4:54 SLU0201',
      '5:25 SLU0355',
      '6:11 SLU0351',
      '7:22 SLU0207',
      '8:32 SLU0205',
    ])
  })

  test('a pipeline that there is not', async () => {
    const { diagnostics } = await compileOne(oneCase(EVENTS, ALLOW).replace('billing', 'biling'))
    expect(diagnostics.map(placeOf)).toEqual(['1:11 SLU0314'])
    expect(diagnostics[0]?.hint).toContain('billing')
  })

  test('a pause by a guard that there is not', async () => {
    const { 'pipelines/billing.yaml': guarded = '' } = FILES
    const pipeline = guarded.replace(/ {2}guard: .*\n/, '')
    const { diagnostics } = await compileOne(oneCase(EVENTS, 'paused: true'), {
      'pipelines/billing.yaml': pipeline,
    })
    expect(diagnostics.map(placeOf)).toEqual(['7:7 SLU0354'])
  })

  test('with matchers only what can never fit is a mistake', async () => {
    const fine = 'events: { billed: [{ value: { total: { $any: true }, note: { $pattern: x } } }] }'
    expect((await compileOne(oneCase(EVENTS, fine))).diagnostics).toEqual([])
    const never = 'events: { billed: [{ value: { total: { $any: true }, note: 7 } }] }'
    expect((await compileOne(oneCase(EVENTS, never))).diagnostics.map(placeOf)).toEqual([
      '7:66 SLU0354',
    ])
  })

  test('each code of pipeline tests is shown here or by the command', () => {
    const shown = new Set(MISTAKES.map(({ at }) => at.split(' ')[1]))
    const codes = Object.keys(CODES).filter((code) => /^SLU03(5|60)/.test(code))
    // A name that is taken: above. Nothing to test: selection.test.ts.
    expect(codes.filter((code) => !shown.has(code))).toEqual(['SLU0351', 'SLU0360'])
  })
})
