// A step that lets each key through once: who is suppressed, who waits, and who gets its turn because the first one failed.
import { describe, expect, test } from 'vitest'
import { failuresOf, FILES, HANDLERS, oneCase, runOne } from './project.ts'

const deduped = (key: string, more = '') => ({
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}state: { in: hot }\n`,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '').replace(
    'steps:\n',
    `steps:\n  - id: fresh\n${more}    dedupe: { key: '${key}', window: 10m }\n`,
  ),
})
const BY_SKU = deduped('event.data.sku')

const order = (id: string, sku: string, more = '') =>
  `{ key: ${id}, value: { id: ${id}, sku: ${sku} }${more} }`
const BILL = '{ value: { total: 5 } }'

const run = (given: string, expected: string, files: Readonly<Record<string, string>> = BY_SKU) =>
  runOne(oneCase(given, expected), HANDLERS, files)

describe('a dedupe step', () => {
  test('skips the rest for a key that was seen, and counts the message', async () => {
    const result = await run(
      `events: [${order('a1', 'x')}, ${order('b2', 'y')}, ${order('c3', 'x')}]`,
      `events: { billed: [${BILL}, ${BILL}] }
calls: { charge: 2 }
counts: { accepted: 3, acked: 2, duplicates: 1 }`,
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('lets others with the key wait for the first, without an attempt', async () => {
    const result = await run(
      `events: [${order('a1', 'x')}, ${order('b2', 'x')}, ${order('c3', 'x')}]
handlers: { charge: [{ throw: { message: not now } }, { return: {} }] }`,
      `events: { billed: [${BILL}] }
counts: { acked: 1, duplicates: 2, retried: 1 }`,
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('gives the next its turn when the first becomes a dead letter', async () => {
    const never = ', handlers: { charge: [{ throw: { message: no, permanent: true } }] }'
    const result = await run(
      `events: [${order('a1', 'x', never)}, ${order('b2', 'x')}, ${order('c3', 'x')}]`,
      `events: { billed: [${BILL}] }
deadLetters: { orders.dlq: [{ code: SLU5102 }] }
counts: { acked: 1, duplicates: 1, deadLettered: 1 }`,
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('forgets a key after the window', async () => {
    const result = await run(
      `events: [${order('a1', 'x')}, ${order('b2', 'x', ', after: 9m')}, ${order('c3', 'x', ', after: 11m')}]`,
      `events: { billed: [${BILL}, ${BILL}] }\ncounts: { acked: 2, duplicates: 1 }`,
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('takes lists and objects as keys, whatever their order', async () => {
    const result = await run(
      `events: [${order('a1', 'x')}, ${order('b2', 'x')}]`,
      `events: { billed: [${BILL}] }\ncounts: { acked: 1, duplicates: 1 }`,
      deduped('event.data.id === "a1" ? { s: event.data.sku, n: 1 } : { n: 1, s: event.data.sku }'),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('lets everybody through where its condition does not hold', async () => {
    const result = await run(
      `events: [${order('a1', 'x')}, ${order('b2', 'x')}]`,
      `events: { billed: [${BILL}, ${BILL}] }\ncounts: { acked: 2, duplicates: 0 }`,
      deduped('event.data.sku', "    when: event.data.sku !== 'x'\n"),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('goes with once: the same message and the same key are each suppressed', async () => {
    const files = {
      ...BY_SKU,
      'pipelines/billing.yaml': BY_SKU['pipelines/billing.yaml'].replace(
        'order: key',
        'once: { window: 1h }\norder: key',
      ),
    }
    const result = await run(
      `events: [${order('a1', 'x')}, ${order('a1', 'y')}, ${order('b2', 'x')}, ${order('b2', 'z', ', after: 1m')}]`,
      `events: { billed: [${BILL}] }\ncounts: { acked: 1, duplicates: 3 }`,
      files,
    )
    expect(failuresOf(result)).toEqual([])
  })
})
