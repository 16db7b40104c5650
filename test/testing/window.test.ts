// A step that counts by time: what is in a window, who closes it, who is late, and what is no time, no group and no number.
import { describe, expect, test } from 'vitest'
import { failuresOf, FILES, HANDLERS, oneCase, runOne } from './project.ts'

const TIMED = {
  type: 'object',
  required: ['id', 'at'],
  properties: {
    id: { type: 'string' },
    at: { type: ['string', 'number'] },
    ms: { type: ['number', 'null'] },
    group: {},
  },
}
const windowed = (window: string, body = '{ total: one.count }') => ({
  'schemas/events/order.json': JSON.stringify(TIMED),
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}state: { in: hot }\n`,
  'pipelines/billing.yaml': `pipeline: billing
from: { topic: orders }
order: key
steps:
  - id: closed
    window: ${window}
  - id: each
    split:
      over: closed
      as: one
      steps: [{ id: roll, event: { to: billed, body: '${body}' } }]
${/failure:[\s\S]*/.exec(`${FILES['pipelines/billing.yaml']}`)?.[0]}`,
})

const BY_MINUTE =
  '{ by: event.data.group, at: event.data.at, every: 1m, measure: { ms: event.data.ms } }'
const minute = (time: string) => `2025-06-01T${time}Z`
const order = (id: string, at: string | number, more = '', after = '') =>
  `{ key: a, value: { id: ${id}, at: ${typeof at === 'number' ? at : `'${at}'`}, group: g${more} }${after} }`

const run = (given: readonly string[], expected: string, files = windowed(BY_MINUTE)) =>
  runOne(oneCase(`events: [${given.join(', ')}]`, expected), HANDLERS, files)

const saying = (text: string) => windowed(BY_MINUTE, `{ total: one.count, note: ${text} }`)

describe('a window step', () => {
  test('counts and measures, and says what it is about', async () => {
    const result = await run(
      [
        order('a', minute('09:00:59.999'), ', ms: 3'),
        order('b', minute('09:00:00'), ', ms: null'),
        order('c', minute('09:00:30'), ', ms: 1.5'),
        order('d', minute('09:01:10')),
      ],
      `events:
  billed:
    - value:
        total: 3
        note: '["g","${minute('09:00:00.000')}","${minute('09:01:00.000')}",2,4.5,1.5,3,2.25]'`,
      saying(
        '`["${one.group}","${one.start}","${one.end}",${one.ms.count},${one.ms.sum},${one.ms.min},${one.ms.max},${one.ms.avg}]`',
      ),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('counts the same message once', async () => {
    const result = await run(
      [
        order('a', minute('09:00:00')),
        order('a', minute('09:00:00')),
        order('b', minute('09:02:00')),
      ],
      'events: { billed: [{ value: { total: 1 } }] }\ncounts: { acked: 3 }',
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('counts two messages with one id whose sources differ', async () => {
    const from = (source: string, time: string) =>
      `{ key: a, headers: { ce_specversion: '1.0', ce_id: '1', ce_type: t, ce_source: ${source} }, value: { id: a, at: '${minute(time)}', group: g } }`
    const result = await run(
      [from('/one', '09:00:00'), from('/other', '09:00:01'), order('b', minute('09:02:00'))],
      'events: { billed: [{ value: { total: 2 } }] }',
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('takes milliseconds as a time, and null as the group of all', async () => {
    const nine = Date.UTC(2025, 5, 1, 9)
    const result = await run(
      [order('a', nine), order('b', nine + 1), order('c', nine + 120_000)],
      'events: { billed: [{ value: { total: 2, note: "null" } }] }',
      windowed('{ at: event.data.at, every: 1m }', '{ total: one.count, note: `${one.group}` }'),
    )
    expect(failuresOf(result)).toMatchObject([])
  })

  test('sends the rows again that could not be sent, and no others', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a', minute('09:00:00'))}, ${order('b', minute('09:02:00'), '', ', after: 1s')}]
faults: [{ connection: events, away: { from: 500ms, for: 1m } }]`,
        'events: { billed: [{ value: { total: 1 } }] }\ncounts: { retried: 0 }',
      ),
      HANDLERS,
      windowed(BY_MINUTE),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test.each([
    ['SLU5121', order('a', 'yesterday')],
    ['SLU5121', order('a', 1e300)],
    ['SLU5125', order('a', '2027-01-01T00:00:00Z')],
  ])('gives a message up with %s', async (code, given) => {
    const result = await run(
      [given],
      `deadLetters: { orders.dlq: [{ code: ${code}, step: closed }] }`,
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('gives a message up whose group is nothing', async () => {
    const result = await run(
      [`{ key: a, value: { id: a, at: '${minute('09:00:00')}' } }`],
      'deadLetters: { orders.dlq: [{ code: SLU5122, step: closed }] }',
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('tries a message again that would open one window too many', async () => {
    const result = await run(
      ['g1', 'g2', 'g1'].map((group, nth) =>
        order(`a${nth}`, minute('09:00:00')).replace('group: g', `group: ${group}`),
      ),
      'deadLetters: { orders.dlq: [{ code: SLU5124, attempts: 4 }] }\ncounts: { acked: 2, retried: 3 }',
      windowed('{ by: event.data.group, at: event.data.at, every: 1m, limit: 1 }'),
    )
    expect(failuresOf(result)).toEqual([])
  })
})
