// A load does not wait for whoever is slow, and says how slow they were; in a time of its own, so that every number is exact.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OutMessage } from '../../workers/core/contract.ts'
import { countedIds, seededRandom } from '../../workers/core/seeded.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { Latencies } from '../../workers/load/latencies.ts'
import { runLoad, type LoadParts, type LoadResult } from '../../workers/load/load.ts'
import { madeUpExamples, messageOf, numberIn, type Example } from '../../workers/load/messages.ts'
import { Pace } from '../../workers/load/pace.ts'
import { verdictOn } from '../../workers/load/verdict.ts'

describe('the pace', () => {
  test('grows to its rate, and keeps it', () => {
    const pace = new Pace({ rate: 100, rampMs: 2_000, steadyMs: 3_000 })
    expect([pace.ramped, pace.count]).toEqual([100, 400])
    expect(pace.due(0)).toBe(0)
    expect(pace.due(25)).toBe(1_000)
    expect(pace.due(100)).toBe(2_000)
    expect(pace.due(399)).toBe(4_990)
  })

  test('of whatever rate, each message is due after the one before and within the whole time', () => {
    const plans = fc.record({
      rate: fc.double({ min: 0.5, max: 5_000, noNaN: true }),
      rampMs: fc.nat(5_000),
      steadyMs: fc.integer({ min: 1, max: 5_000 }),
    })
    fc.assert(
      fc.property(plans, (plan) => {
        const pace = new Pace(plan)
        for (let n = 1; n < pace.count; n++)
          expect(pace.due(n)).toBeGreaterThanOrEqual(pace.due(n - 1))
        if (pace.count > 0)
          expect(pace.due(pace.count - 1)).toBeLessThanOrEqual(plan.rampMs + plan.steadyMs)
      }),
    )
  })
})

test('percentiles are those of a sorted list, and the first answer counts', () => {
  const latencies = new Latencies(1_000)
  for (let n = 0; n < 1_000; n++) latencies.answered(n, 1_000 - n)
  latencies.answered(7, 50_000)
  latencies.answered(1_000, 50_000)
  expect(latencies.percentiles(0)).toEqual({
    count: 1_000,
    p50: 500,
    p95: 950,
    p99: 990,
    max: 1_000,
  })
  expect(latencies.percentiles(900)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 })
  expect(new Latencies(3).percentiles(0)).toBeUndefined()
})

const AT = { file: 'fleet.yaml', line: 1, column: 1, length: 1 }
const TOPIC = {
  name: 'orders',
  connection: 'events',
  at: AT,
  partitions: 1,
  replication: undefined,
  minInSync: undefined,
  retention: {},
  cleanup: 'delete',
  compression: 'none',
  schema: 'events/order',
  format: 'json',
  envelope: { id: ['meta', 'id'] },
  tombstones: 'invalid',
  deadLetters: false,
  parked: false,
  maxBytes: 1_000_000,
} as const
const SCHEMAS = {
  'events/order': {
    type: 'object',
    required: ['total', 'meta'],
    properties: {
      total: { type: 'integer', minimum: 1, maximum: 9 },
      meta: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
    },
  },
}

test('messages fit their schema, are the same for a seed, and their effects are known again', () => {
  const terms = { seed: 3, keys: 5 }
  const check = () => undefined
  const examples = madeUpExamples(TOPIC, SCHEMAS, check, terms)
  expect(madeUpExamples(TOPIC, SCHEMAS, check, terms)).toEqual(examples)
  expect(new Set(examples.map(({ key }) => key)).size).toBe(5)
  const message = messageOf('r1', 12, examples[0] as Example, TOPIC, 0)
  expect(JSON.parse(Buffer.from(message.value ?? []).toString())).toMatchObject({
    meta: { id: 'load-r1-12' },
  })
  expect(message.headers).toEqual({ 'load-run': 'r1' })
  const plain = messageOf(
    'r1',
    12,
    { key: null, headers: {}, data: 1 },
    { ...TOPIC, envelope: {} },
    0,
  )
  expect(plain.headers).toMatchObject({ ce_id: 'load-r1-12', ce_type: 'orders' })
  expect(numberIn('r1', 'load-r1-12/billing/announce')).toBe(12)
  for (const other of ['load-r2-12/billing/announce', 'load-r1-12', 'load-r1-/x', 'e-1', undefined])
    expect(numberIn('r1', other)).toBeUndefined()
})

test('a topic without a schema needs examples', () => {
  const without = { ...TOPIC, schema: undefined }
  expect(() => madeUpExamples(without, {}, () => undefined, { seed: 1, keys: 1 })).toThrow(
    expect.objectContaining({ code: 'SLU1016' }),
  )
})

/** A service that does one message after another, and stands still for a while. */
async function against(
  service: { perMessageMs: number; still?: readonly [number, number]; loses?: number },
  changes: Partial<LoadParts> = {},
): Promise<LoadResult> {
  const clock = createVirtualClock(0)
  const world = { clock, random: seededRandom(1), ids: countedIds() }
  const pace = new Pace({ rate: 100, rampMs: 0, steadyMs: 3_000 })
  let free = 0
  let done = 0
  let hear: (effect: string) => void = () => {}
  const sink = {
    send({ id }: OutMessage): Promise<void> {
      const [from, to] = service.still ?? [Infinity, Infinity]
      const starts = Math.max(free, clock.monotonic())
      free = (starts >= from && starts < to ? to : starts) + service.perMessageMs
      clock.after(free - clock.monotonic(), () => {
        done++
        if (id !== `load-r-${service.loses}`) hear(`${id}/billing/announce`)
      })
      return Promise.resolve()
    },
  }
  const load = runLoad({
    world,
    run: 'r',
    pace,
    rate: 100,
    sink,
    message: (n) => messageOf('r', n, { key: null, headers: {}, data: {} }, TOPIC, 0),
    topics: ['billed'],
    listen(_topic, heard) {
      hear = heard
      return {
        start: () => Promise.resolve(),
        isCaughtUp: () => Promise.resolve(true),
        stop: () => Promise.resolve(),
      }
    },
    lag: () => Promise.resolve(pace.count - done),
    deadLetters: () => Promise.resolve(0),
    drainMs: 1_000,
    stopped: new AbortController().signal,
    progress: () => {},
    ...changes,
  })
  let over = false
  void load.finally(() => (over = true))
  while (!over) await clock.advance(clock.untilNext() ?? 1)
  return load
}

test('who stands still is measured with all whom it keeps waiting, not with one', async () => {
  const { sent, answers, lag } = await against({ perMessageMs: 1, still: [1_000, 2_000] })
  expect(sent).toMatchObject({ count: 300, failed: 0 })
  expect(sent.lateMs).toBeLessThanOrEqual(4)
  expect(sent.rate).toBeGreaterThan(99)
  expect(lag).toBe(0)
  const [{ count, percentiles } = { count: 0, percentiles: undefined }] = answers
  expect(count).toBe(300)
  // A hundred were due meanwhile: a third of all waited, half of those more than half a second.
  expect(percentiles?.p50).toBeLessThan(10)
  expect(percentiles?.p95).toBeGreaterThan(800)
  expect(percentiles?.max).toBeGreaterThan(950)
})

test('who is too slow has work left in the end, and that is said', async () => {
  const result = await against({ perMessageMs: 20 })
  expect(result.sent.rate).toBeGreaterThan(99)
  expect(result.lag).toBeGreaterThan(50)
  const verdict = verdictOn(result, { p99: 200, lag: 0, deadLetters: 0 })
  expect(verdict.map(({ what, kept }) => [what, kept])).toEqual([
    ['rate', true],
    ['p99 on billed', false],
    ['lag at the end', false],
    ['dead letters', true],
  ])
})

test('what is not taken breaks the rate, whatever the times are', async () => {
  const send = () => Promise.reject(new Error('no room'))
  const result = await against(
    { perMessageMs: 1 },
    { sink: { send }, lag: () => Promise.resolve(0) },
  )
  expect(result.sent).toMatchObject({ count: 300, failed: 300, problem: 'no room' })
  expect(
    verdictOn(result, { p99: 200, lag: 0, deadLetters: 0 }).filter(({ kept }) => !kept),
  ).toMatchObject([{ what: 'rate' }, { what: 'p99 on billed', was: 'no answer' }])
})

test('told to stop, it sends no more', async () => {
  const stop = new AbortController()
  const result = await against(
    { perMessageMs: 1 },
    { stopped: stop.signal, progress: (sent) => sent >= 50 && stop.abort() },
  )
  expect(result.sent.count).toBeLessThan(60)
  const verdict = verdictOn(result, { lag: 300, deadLetters: 0 })
  expect(verdict.filter(({ kept }) => !kept)).toMatchObject([
    { what: 'messages', limit: 'all 300', was: `${result.sent.count}` },
  ])
})

test('told to stop while it hears nothing yet, it stops', async () => {
  const stop = new AbortController()
  const left: string[] = []
  const load = against(
    { perMessageMs: 1 },
    {
      stopped: stop.signal,
      listen: (topic) => ({
        start() {
          stop.abort()
          return new Promise(() => {})
        },
        isCaughtUp: () => Promise.resolve(false),
        stop: () => Promise.resolve(void left.push(topic)),
      }),
    },
  )
  expect((await load).sent.count).toBe(0)
  expect(left).toEqual(['billed'])
})
