// Messages that come twice: the second is suppressed and counted, waits for the first, or takes its place when that one failed.
import { describe, expect, test } from 'vitest'
import { failuresOf, FILES, HANDLERS, oneCase, runOne } from './project.ts'

const ONCE = {
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}state: { in: hot }\n`,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '').replace(
    'order: key',
    'once: { window: 1h }\norder: key',
  ),
}

const run = (given: string, expected: string) => runOne(oneCase(given, expected), HANDLERS, ONCE)

const order = (id: string, key: string, more = '') =>
  `{ key: ${key}, value: { id: ${id}, sku: x }${more} }`
const BILL = '{ value: { total: 5 } }'

describe('a pipeline with once', () => {
  test('suppresses a message that came before, and counts it', async () => {
    const result = await run(
      `events: [${order('a1', 'k')}, ${order('a2', 'k')}, ${order('a1', 'k')}]`,
      `events: { billed: [${BILL}, ${BILL}] }
counts: { accepted: 3, acked: 2, duplicates: 1 }
calls: { charge: 2 }`,
    )
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.given.map(({ story }) => story?.settlement)).toEqual([
      'acked',
      'acked',
      'duplicates',
    ])
  })

  test('lets repeats with other keys wait for the first, without an attempt', async () => {
    const result = await run(
      `events: [${['a', 'b', 'c', 'd'].map((key) => order('a1', key)).join(', ')}]
handlers: { charge: [{ throw: { message: not now } }, { return: {} }] }`,
      `events: { billed: [${BILL}] }
counts: { accepted: 4, acked: 1, duplicates: 3, retried: 1 }
calls: { charge: 2 }`,
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('tries a repeat of what became a dead letter', async () => {
    const never = ', handlers: { charge: [{ throw: { message: never, permanent: true } }] }'
    const result = await run(
      `events: [${order('a1', 'k', never)}, ${order('a1', 'k')}]
handlers: { charge: [{ throw: { message: never, permanent: true } }] }`,
      `deadLetters: { orders.dlq: [{ code: SLU5102 }, { code: SLU5102 }] }
counts: { accepted: 2, acked: 0, deadLettered: 2, duplicates: 0 }`,
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('waits while the state store is away, without an attempt', async () => {
    const result = await run(
      `events: [${order('a1', 'k')}, ${order('a2', 'k', ', after: 10s')}]
faults: [{ connection: hot, away: { from: 5s, for: 60s } }]`,
      `events: { billed: [${BILL}, ${BILL}] }
counts: { accepted: 2, acked: 2, retried: 0 }`,
    )
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.given[1]?.story?.tookMs).toBeGreaterThan(50_000)
  })

  test('remembers for its window and no longer', async () => {
    const again = (after: string) => order('a1', 'k', `, after: ${after}`)
    const result = await run(
      `events: [${again('0ms')}, ${again('59m')}, ${again('2h')}]`,
      `events: { billed: [${BILL}, ${BILL}] }
counts: { accepted: 3, acked: 2, duplicates: 1 }`,
    )
    expect(failuresOf(result)).toEqual([])
  })
})
