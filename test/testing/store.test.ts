// A step that stores: what readers find, what becomes of repeats, and of keys and values that are none.
import { describe, expect, test } from 'vitest'
import { compileOne, failuresOf, FILES, HANDLERS, oneCase, runOne } from './project.ts'

const STORE = `  - id: remember
    store: { in: totals, key: event.data.id, value: '{ total: price.total }' }
`

const stored = (store = STORE, as = 'string', once = '') => ({
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}state: { in: hot }
stores:
  totals: { in: hot, as: ${as}, ttl: 1h, schema: events/bill }
`,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '')
    .replace('order: key', `${once}order: key`)
    .replace('  - id: settle\n', `${store}  - id: settle\n`),
})

const order = (id: string, more = '') => `{ key: k, value: { id: ${id}, sku: x }${more} }`

describe('a store step', () => {
  test.each(['string', 'hash'])('writes the value as a %s, confirmed and counted', async (as) => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}, ${order('a2')}]`,
        'stores: { totals: [{ key: a1, value: { total: 5 } }, { key: a2 }] }\nothers: allow',
      ),
      HANDLERS,
      stored(STORE, as),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('is not done again by another attempt, and by a repeat only without once', async () => {
    const given = `events: [${order('a1')}, ${order('a1')}]
handlers: { charge: [{ throw: { message: not now } }, { return: {} }] }`
    const value = '{ key: a1, value: { total: 5 } }'
    const without = await runOne(
      oneCase(given, `stores: { totals: [${value}, ${value}] }\nothers: allow`),
      HANDLERS,
      stored(),
    )
    expect(failuresOf(without)).toEqual([])
    const once = await runOne(
      oneCase(
        given,
        `stores: { totals: [${value}] }\nothers: allow\ncounts: { acked: 1, duplicates: 1 }`,
      ),
      HANDLERS,
      stored(STORE, 'string', 'once: { window: 1h }\n'),
    )
    expect(failuresOf(once)).toEqual([])
  })

  test('writes no older version over a newer one, and the message is done all the same', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a333')}, ${order('a22')}, ${order('a4444')}, ${order('a22')}]`,
        'stores: { totals: [{ key: one }, { key: one }] }\nothers: allow\ncounts: { acked: 4 }',
      ),
      HANDLERS,
      stored(
        STORE.replace('key: event.data.id', 'key: \'"one"\', version: event.data.id.length'),
        'hash',
      ),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('with a version that is no whole number is a defect', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}]`,
        'deadLetters: { orders.dlq: [{ code: SLU5411, step: remember, attempts: 1 }] }\nothers: allow',
      ),
      HANDLERS,
      stored(STORE.replace('key: event.data.id', "key: event.data.id, version: '1.5'")),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('stays done when the message becomes a dead letter and is brought again', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1', ', handlers: { charge: [{ throw: { message: no, permanent: true } }, { return: {} }] }')}, ${order('a1', ', after: 5m')}]`,
        `stores: { totals: [{ key: a1, value: { total: 5 } }] }
deadLetters: { orders.dlq: [{ code: SLU5102 }] }
events: { billed: [{ value: { total: 5 } }] }
counts: { acked: 1, deadLettered: 1 }`,
      ),
      HANDLERS,
      stored(STORE, 'string', 'once: { window: 1h }\n'),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('waits while its Redis is away, without an attempt', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}]\nfaults: [{ connection: hot, away: { from: 0ms, for: 1m } }]`,
        'stores: { totals: [{ key: a1 }] }\nothers: allow\ncounts: { retried: 0, acked: 1 }',
      ),
      HANDLERS,
      stored(),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test.each([
    ['a key that is nothing', 'key: "\'\'"', 'SLU5110'],
    ['a value that does not fit', 'key: event.data.id', 'SLU5105'],
  ])('%s is a defect', async (what, key, code) => {
    const value = what.startsWith('a value') ? '{ total: -price.total }' : '{ total: price.total }'
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}]`,
        `stores: { totals: [] }\ndeadLetters: { orders.dlq: [{ code: ${code}, step: remember }] }`,
      ),
      HANDLERS,
      stored(`  - id: remember\n    store: { in: totals, ${key}, value: '${value}' }\n`),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('what can never stand there is a mistake in the file', async () => {
    const { diagnostics } = await compileOne(
      oneCase(
        `events: [${order('a1')}]`,
        'stores: { totals: [{ key: a1, value: { totl: 5 } }], other: [] }',
      ),
      stored(),
    )
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['SLU0354', 'SLU0355']))
  })
})
