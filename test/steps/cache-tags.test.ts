// Tags of cache entries: who forgets one ends all that have it, whoever loads them, and nothing else.
import { beforeEach, describe, expect, it } from 'vitest'
import { eventLoopTurn, systemWorld } from '../../workers/core/clock.ts'
import type { CacheDriver } from '../../workers/core/contract.ts'
import type { CachePlan } from '../../workers/core/plan.ts'
import type { CacheCounts } from '../../workers/core/telemetry.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { createEmbeddedCacheDriver } from '../../workers/drivers/embedded/cache-driver.ts'
import { EmbeddedCaches } from '../../workers/drivers/embedded/caches.ts'
import { zeroCache } from '../../workers/runtime/counts.ts'
import { createCacheStep } from '../../workers/steps/cache.ts'
import { tagAddress } from '../../workers/steps/cache-tags.ts'
import type { StepContext } from '../../workers/steps/context.ts'
import { createForget } from '../../workers/steps/forget.ts'
import { Refreshes } from '../../workers/steps/refreshes.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { recordedLog } from '../support/recorded-log.ts'

const MINUTE = 60_000
const NAMESPACE = 'shop:results:'
const at = { file: 'pipelines/queries.yaml', line: 1, column: 1 }
const expression = { text: 'event.data', at }
const ctx = {
  envelope: {},
  attempt: 1,
  span: { context: {} },
  signal: new AbortController().signal,
  assertLive: () => {},
} as unknown as StepContext

let clock: ReturnType<typeof createVirtualClock>
let caches: EmbeddedCaches
let driver: CacheDriver
let counts: CacheCounts
let handler: () => unknown
const log = recordedLog()
const { tracer } = createTracer(systemWorld, {}, log)

beforeEach(async () => {
  clock = createVirtualClock(1_700_000_000_000)
  caches = new EmbeddedCaches(clock)
  counts = zeroCache()
  driver = createEmbeddedCacheDriver(caches, {
    world: { ...systemWorld, clock },
    log,
    origin: 'test',
    clientId: 'test',
  })
  await driver.connect()
})

/** Asks for the result of a query on tables. */
function queries(changes: Partial<CachePlan> = {}) {
  const run = createCacheStep({
    plan: {
      id: 'result',
      index: 0,
      at,
      when: undefined,
      kind: 'cache',
      cache: 'results',
      key: expression,
      tags: expression,
      load: {
        handler: 'query',
        input: expression,
        caches: [],
        timeoutMs: 1_000,
        breaker: undefined,
        at,
      },
      leaseMs: undefined,
    },
    cache: {
      name: 'results',
      connection: 'hot',
      at,
      ttlMs: MINUTE,
      jitter: 0,
      as: 'string',
      schema: 'values/result',
      whenDown: 'bypass',
      staleMs: 0,
      flight: 'process',
      absentMs: undefined,
      ...changes,
    },
    namespace: NAMESPACE,
    driver,
    load: async () => await handler(),
    check: () => undefined,
    refreshes: new Refreshes(1),
    counts,
    world: { ...systemWorld, clock },
    tracer,
    log,
  })
  return (key: unknown, tags: unknown) =>
    run(
      ctx,
      () => key,
      () => key,
      () => tags,
    )
}

const forget = (tag: unknown) =>
  createForget({
    plan: {
      id: 'changed',
      index: 1,
      at,
      when: undefined,
      kind: 'forget',
      cache: 'results',
      tag: expression,
    },
    namespace: NAMESPACE,
    driver,
    counts,
    tracer,
  })(ctx, () => tag)

let rows = 0
const next = () => ({ rows: ++rows })

describe.each(['string', 'hash'] as const)('entries as %s', (as) => {
  it('are loaded anew once one of their tags is forgotten, and the others answer on', async () => {
    const ask = queries({ as })
    handler = next
    const [orders, both, users] = [
      await ask('a', ['orders']),
      await ask('b', ['users', 'orders']),
      await ask('c', ['users']),
    ]
    expect(await ask('b', ['users', 'orders'])).toEqual(both)
    await forget('orders')
    expect(await ask('c', ['users'])).toEqual(users)
    expect(await ask('a', ['orders'])).not.toEqual(orders)
    expect(await ask('b', ['users', 'orders'])).not.toEqual(both)
    expect(counts).toMatchObject({ loads: 5, hits: 2, forgotten: 1 })
    const again = await ask('a', ['orders'])
    expect(await ask('a', ['orders'])).toEqual(again)
  })

  it('go by the tags that they were loaded with, whatever whoever asks calls them', async () => {
    const ask = queries({ as })
    handler = next
    const first = await ask('a', [7])
    await forget(8)
    expect(await ask('a', ['another'])).toEqual(first)
    await forget('7')
    expect(await ask('a', ['another'])).not.toEqual(first)
  })
})

it('what is loaded while its tag is forgotten is given to who waits, and remembered for nobody', async () => {
  const ask = queries()
  const slow = Promise.withResolvers<unknown>()
  handler = () => slow.promise
  const waiting = ask('a', ['orders'])
  for (let n = 0; n < 3; n++) await eventLoopTurn()
  await forget('orders')
  slow.resolve({ rows: 'of before' })
  expect(await waiting).toEqual({ rows: 'of before' })
  handler = () => ({ rows: 'of after' })
  expect(await ask('a', ['orders'])).toEqual({ rows: 'of after' })
  expect(await ask('a', ['orders'])).toEqual({ rows: 'of after' })
  expect(counts.loads).toBe(2)
})

it('an entry that is stale and forgotten answers no more', async () => {
  const ask = queries({ staleMs: MINUTE })
  handler = () => ({ rows: 1 })
  await ask('a', ['orders'])
  await clock.advance(MINUTE)
  await forget('orders')
  handler = () => ({ rows: 2 })
  expect(await ask('a', ['orders'])).toEqual({ rows: 2 })
})

it('a generation that the server lost costs a load, and brings nothing back', async () => {
  const ask = queries()
  handler = () => ({ rows: 1 })
  await ask('a', ['orders'])
  caches.delete(tagAddress(NAMESPACE, 'orders'))
  handler = () => ({ rows: 2 })
  expect(await ask('a', ['orders'])).toEqual({ rows: 2 })
})

it('a generation stays for as long as anything that is loaded under it', async () => {
  const ask = queries()
  handler = () => ({ rows: 1 })
  await ask('a', ['orders'])
  for (let n = 0; n < 5; n++) {
    await clock.advance(MINUTE - 1)
    await ask(`b${n}`, ['orders'])
    await ask(`b${n}`, ['orders'])
  }
  expect(counts).toMatchObject({ hits: 5, loads: 6 })
})

it('while the cache is away nothing is remembered, and nothing can be forgotten', async () => {
  const ask = queries()
  handler = () => ({ rows: 1 })
  caches.setAvailable(false)
  expect(await ask('a', ['orders'])).toEqual({ rows: 1 })
  await expect(forget('orders')).rejects.toMatchObject({ code: 'SLU5401', outage: true })
  caches.setAvailable(true)
  expect(counts).toMatchObject({ forgotten: 0, loads: 1 })
})

it('a cache that goes away between question and load is not written without its tags', async () => {
  const ask = queries()
  handler = () => ({ rows: 1 })
  const { agree } = driver
  driver.agree = () => {
    driver.agree = agree
    caches.setAvailable(false)
    return agree('x', 'y', 1).finally(() => caches.setAvailable(true))
  }
  await ask('a', ['orders'])
  handler = () => ({ rows: 2 })
  expect(await ask('a', ['orders'])).toEqual({ rows: 2 })
})

it.each([
  ['no list', 'orders'],
  ['a list with nothing in it', [undefined]],
  ['an empty text', ['']],
  ['an object', [{ table: 'orders' }]],
  ['seventeen', Array.from({ length: 17 }, (_, n) => n)],
])('tags that are %s are a defect', async (_, tags) => {
  handler = () => expect.fail('nothing is loaded')
  await expect(queries()('a', tags)).rejects.toMatchObject({ code: 'SLU5409', failure: 'defect' })
})

it.each([undefined, '', null, ['orders']])('%j is no tag to forget', async (tag) => {
  await expect(forget(tag)).rejects.toMatchObject({ code: 'SLU5409' })
})
