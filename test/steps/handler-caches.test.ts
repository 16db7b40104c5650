// What a handler may do with a cache: read and write the entries of cache steps, and nothing that does not fit.
import { SluiceError } from '../../workers/core/errors.ts'
import { beforeEach, expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { HandlerCache } from '../../workers/core/handler.ts'
import type { CacheDriver } from '../../workers/core/contract.ts'
import type { CachePlan } from '../../workers/core/plan.ts'
import type { CacheCounts } from '../../workers/core/telemetry.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { createEmbeddedCacheDriver } from '../../workers/drivers/embedded/cache-driver.ts'
import { EmbeddedCaches } from '../../workers/drivers/embedded/caches.ts'
import { zeroCache } from '../../workers/runtime/counts.ts'
import { createCacheStep } from '../../workers/steps/cache.ts'
import type { StepContext } from '../../workers/steps/context.ts'
import { createHandlerCache } from '../../workers/steps/handler-caches.ts'
import { Refreshes } from '../../workers/steps/refreshes.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { recordedLog } from '../support/recorded-log.ts'

const MINUTE = 60_000
const at = { file: 'pipelines/billing.yaml', line: 1, column: 1 }
const expression = { text: '1', at }
const call = {
  handler: 'quote',
  input: expression,
  caches: ['prices'],
  timeoutMs: 1_000,
  breaker: undefined,
  at,
}

let clock: ReturnType<typeof createVirtualClock>
let driver: CacheDriver
let counts: CacheCounts
let log: ReturnType<typeof recordedLog>

beforeEach(async () => {
  clock = createVirtualClock(1_700_000_000_000)
  log = recordedLog()
  counts = zeroCache()
  const world = { ...systemWorld, clock }
  driver = createEmbeddedCacheDriver(new EmbeddedCaches(clock), {
    world,
    log,
    origin: 'test',
    clientId: 'test',
  })
  await driver.connect()
})

const parts = (changes: Partial<CachePlan> = {}) => ({
  cache: {
    name: 'prices',
    connection: 'hot',
    at,
    ttlMs: MINUTE,
    jitter: 0,
    as: 'string' as const,
    schema: 'values/price',
    whenDown: 'bypass' as const,
    staleMs: 0,
    flight: 'process' as const,
    absentMs: undefined,
    ...changes,
  },
  namespace: 'shop:prices:',
  driver,
  check: (value: unknown) =>
    typeof (value as { amount?: unknown } | null)?.amount === 'number' ? undefined : 'is no price',
  counts,
  world: { ...systemWorld, clock },
  log,
})

const cacheOf = (changes: Partial<CachePlan> = {}): HandlerCache<unknown> =>
  createHandlerCache({ call, ...parts(changes) })

/** What a cache step answers for a key; its handler knows nothing. */
const stepOf = (changes: Partial<CachePlan> = {}) => {
  const { tracer } = createTracer({ ...systemWorld, clock }, {}, log)
  const step = createCacheStep({
    plan: {
      kind: 'cache',
      id: 'price',
      index: 0,
      at,
      when: undefined,
      cache: 'prices',
      key: expression,
      tags: undefined,
      load: call,
      leaseMs: undefined,
    },
    ...parts(changes),
    load: () => Promise.resolve({ amount: -1 }),
    refreshes: new Refreshes(1),
    tracer,
  })
  const ctx = { span: { context: {} }, envelope: {}, attempt: 1 } as unknown as StepContext
  return (key: unknown) =>
    step(
      ctx,
      () => key,
      () => undefined,
    )
}

test.each(['string', 'hash'] as const)(
  'what is set is there, for cache steps as well: %s',
  async (as) => {
    const cache = cacheOf({ as })
    expect(await cache.get({ a: 1, b: 2 })).toBeUndefined()
    await cache.set({ a: 1, b: 2 }, { amount: 7 })
    expect(await cache.get({ b: 2, a: 1 })).toEqual({ amount: 7 })
    expect(await stepOf({ as })({ b: 2, a: 1 })).toEqual({ amount: 7 })
    expect(counts).toEqual({ hits: 2, misses: 1, loads: 0, bypassed: 0, waited: 0, forgotten: 0 })
  },
)

test('what a cache step loaded is there', async () => {
  await stepOf()('x')
  expect(await cacheOf().get('x')).toEqual({ amount: -1 })
})

test('it is kept as long as the fleet says', async () => {
  const cache = cacheOf()
  await cache.set('x', { amount: 7 })
  await clock.advance(MINUTE - 1)
  expect(await cache.get('x')).toEqual({ amount: 7 })
  await clock.advance(2)
  expect(await cache.get('x')).toBeUndefined()
})

test('a value that does not fit is refused, and nothing is written', async () => {
  const cache = cacheOf()
  await expect(cache.set('x', { amount: '7' })).rejects.toMatchObject({
    code: 'SLU5106',
    message: 'handler quote put a value into prices that does not fit values/price: is no price',
  })
  await expect(cache.set('x', null)).rejects.toMatchObject({ code: 'SLU5106' })
  expect(await cache.get('x')).toBeUndefined()
})

test('that there is none is remembered where the fleet says so', async () => {
  const cache = cacheOf({ absentMs: 1_000 })
  await cache.set('x', null)
  expect(await cache.get('x')).toBeNull()
  await clock.advance(1_001)
  expect(await cache.get('x')).toBeUndefined()
})

test.each([undefined, () => 1, 1n])('a key that is not plain data is refused', async (key) => {
  await expect(cacheOf().get(key)).rejects.toMatchObject({ code: 'SLU5107' })
})

test('a cache that is away is passed by, or fails the message, as the fleet says', async () => {
  await driver.close()
  driver = {
    ...driver,
    get: () => Promise.reject(new SluiceError('SLU5401', { message: 'away' })),
    set: () => Promise.reject(new SluiceError('SLU5401', { message: 'away' })),
  }
  const cache = cacheOf()
  expect(await cache.get('x')).toBeUndefined()
  await cache.set('x', { amount: 7 })
  expect(counts.bypassed).toBe(2)
  await expect(cacheOf({ whenDown: 'fail' }).get('x')).rejects.toThrow('away')
})
