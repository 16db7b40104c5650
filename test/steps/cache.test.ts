// The cache step on an embedded cache and a virtual clock: what it answers, what it stores, when it loads anew.
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
import type { StepContext } from '../../workers/steps/context.ts'
import { Refreshes } from '../../workers/steps/refreshes.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { recordedLog } from '../support/recorded-log.ts'

const MINUTE = 60_000
const at = { file: 'pipelines/billing.yaml', line: 1, column: 1 }

let clock: ReturnType<typeof createVirtualClock>
let caches: EmbeddedCaches
let driver: CacheDriver
/** Where entries were written. */
let addresses: Set<string>
let refreshes: Refreshes
let log: ReturnType<typeof recordedLog>
let counts: CacheCounts
/** What the handler does next. */
let handler: (signal: AbortSignal) => unknown

beforeEach(async () => {
  clock = createVirtualClock(1_700_000_000_000)
  caches = new EmbeddedCaches(clock)
  log = recordedLog()
  refreshes = new Refreshes(2)
  counts = zeroCache()
  const world = { ...systemWorld, clock }
  const inner = createEmbeddedCacheDriver(caches, { world, log, origin: 'test', clientId: 'test' })
  addresses = new Set()
  driver = {
    ...inner,
    setHash(key, fields, ttlMs) {
      addresses.add(key)
      return inner.setHash(key, fields, ttlMs)
    },
  }
  await driver.connect()
})

/** Asks the step for the value of a key. */
function step(changes: Partial<CachePlan> = {}): (key: unknown) => Promise<unknown> {
  const cache: CachePlan = {
    name: 'prices',
    connection: 'hot',
    at,
    ttlMs: MINUTE,
    jitter: 0,
    as: 'string',
    schema: 'values/price',
    whenDown: 'bypass',
    staleMs: 0,
    flight: 'process',
    absentMs: undefined,
    ...changes,
  }
  const expression = { text: 'event.data', at }
  const run = createCacheStep({
    plan: {
      id: 'price',
      index: 0,
      at,
      when: undefined,
      kind: 'cache',
      cache: 'prices',
      key: expression,
      tags: undefined,
      load: {
        handler: 'quote',
        input: expression,
        caches: [],
        timeoutMs: 1_000,
        breaker: undefined,
        at,
      },
      leaseMs: cache.flight === 'fleet' ? 2_000 : undefined,
    },
    cache,
    namespace: 'shop:prices:',
    driver,
    load: async (ctx) => await handler(ctx.signal),
    check: (value) => (typeof value === 'object' && value !== null ? undefined : 'must be object'),
    refreshes,
    counts,
    world: { ...systemWorld, clock },
    tracer: createTracer(systemWorld, {}, log).tracer,
    log,
  })
  const ctx = {
    envelope: {},
    attempt: 1,
    span: { context: {} },
    signal: new AbortController().signal,
    assertLive: () => {},
  } as unknown as StepContext
  return (key) =>
    run(
      ctx,
      () => key,
      () => key,
    )
}

describe('how entries are stored', () => {
  it.each(['string', 'hash'] as const)('as %s: loads once, then answers the same', async (as) => {
    const ask = step({ as })
    const price = { total: 1.5, of: { nested: ['a', null] }, '~odd': true, ['__proto__']: 'own' }
    handler = () => price
    expect(await ask('a')).toEqual(price)
    handler = () => expect.fail('it is in the cache')
    expect(await ask('a')).toEqual(price)
    expect(counts).toEqual({ hits: 1, misses: 1, loads: 1, bypassed: 0, waited: 0, forgotten: 0 })
  })

  it('as hash: a field for each property, readable by itself; an empty object too', async () => {
    const ask = step({ as: 'hash' })
    handler = () => ({ total: 1.5, sku: 'a' })
    await ask('a')
    const [address = ''] = addresses
    const fields = caches.get(address) as ReadonlyMap<string, string>
    expect([...fields]).toEqual([
      ['~', '{}'],
      ['total', '1.5'],
      ['sku', '"a"'],
    ])
    handler = () => ({})
    expect(await ask('b')).toEqual({})
    expect(await ask('b')).toEqual({})
    expect(counts).toMatchObject({ hits: 1, loads: 2 })
  })

  it('loads again what does not fit: of another form, of another writer', async () => {
    const ask = step({ as: 'hash' })
    handler = () => ({ total: 1 })
    await ask('a')
    const [address = ''] = addresses
    caches.set(address, new Map([['~', 'broken']]), MINUTE)
    expect(await ask('a')).toEqual({ total: 1 })
    caches.set(address, 'a text', MINUTE)
    expect(await ask('a')).toEqual({ total: 1 })
    expect(counts).toMatchObject({ hits: 0, misses: 3, loads: 3 })
  })
})

describe('staleWhileRevalidate', () => {
  it('answers at once from a stale entry and loads one anew behind it', async () => {
    const ask = step({ staleMs: MINUTE })
    handler = () => ({ total: 1 })
    await ask('a')
    await clock.advance(MINUTE)
    const fresh = Promise.withResolvers<unknown>()
    handler = () => fresh.promise
    expect(await Promise.all([ask('a'), ask('a')])).toEqual([{ total: 1 }, { total: 1 }])
    expect(await ask('a')).toEqual({ total: 1 })
    expect(refreshes.idle).toBe(false)
    fresh.resolve({ total: 2 })
    await settled()
    handler = () => expect.fail('it is fresh again')
    expect(await ask('a')).toEqual({ total: 2 })
    expect(counts).toEqual({ hits: 4, misses: 1, loads: 2, bypassed: 0, waited: 0, forgotten: 0 })
  })

  it('waits for the load once the entry is too old to answer', async () => {
    const ask = step({ staleMs: MINUTE })
    handler = () => ({ total: 1 })
    await ask('a')
    await clock.advance(2 * MINUTE)
    handler = () => ({ total: 2 })
    expect(await ask('a')).toEqual({ total: 2 })
    expect(counts.misses).toBe(2)
  })

  it('a load that fails behind is told in the log, and the stale entry answers on', async () => {
    const ask = step({ staleMs: MINUTE })
    handler = () => ({ total: 1 })
    await ask('a')
    await clock.advance(MINUTE)
    handler = () => Promise.reject(new Error('no model'))
    expect(await ask('a')).toEqual({ total: 1 })
    await settled()
    expect(await ask('a')).toEqual({ total: 1 })
    await settled()
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2)
  })

  it('loads no more anew at once than there is room for, and nothing after the end', async () => {
    const ask = step({ staleMs: MINUTE })
    handler = () => ({ total: 1 })
    await Promise.all(['a', 'b', 'c'].map(ask))
    await clock.advance(MINUTE)
    const signals: AbortSignal[] = []
    handler = (signal) => {
      signals.push(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error())))
    }
    await Promise.all(['a', 'b', 'c'].map(ask))
    expect(signals).toHaveLength(2)
    refreshes.stop()
    await settled()
    expect(await ask('a')).toEqual({ total: 1 })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(refreshes.idle).toBe(true)
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })
})

describe('absent', () => {
  it.each(['string', 'hash'] as const)(
    'as %s: remembers for its own time that there is none',
    async (as) => {
      const ask = step({ as, absentMs: 1_000, staleMs: MINUTE })
      handler = () => null
      expect(await ask('a')).toBeNull()
      handler = () => ({ total: 1 })
      expect(await ask('a')).toBeNull()
      await clock.advance(1_000)
      expect(await ask('a')).toEqual({ total: 1 })
      expect(counts).toEqual({ hits: 1, misses: 2, loads: 2, bypassed: 0, waited: 0, forgotten: 0 })
    },
  )

  it('without it, null is a value that does not fit', async () => {
    handler = () => null
    await expect(step()('a')).rejects.toMatchObject({ code: 'SLU5106' })
  })
})

describe('an outage', () => {
  it.each(['string', 'hash'] as const)('as %s: bypass answers, fail fails', async (as) => {
    caches.setAvailable(false)
    handler = () => ({ total: 1 })
    expect(await step({ as })('a')).toEqual({ total: 1 })
    expect(counts.bypassed).toBe(2)
    await expect(step({ as, whenDown: 'fail' })('a')).rejects.toMatchObject({ outage: true })
  })
})

/** Lets what runs behind the messages come to its end. */
const settled = async () => {
  for (let turn = 0; turn < 3; turn++) await eventLoopTurn()
}

describe('while the cache is away', () => {
  const warnings = () => log.lines.filter(({ level }) => level === 'warn')

  it('the handler answers; that is said once, and so is the end of it', async () => {
    const ask = step()
    handler = () => ({ total: 1 })
    caches.setAvailable(false)
    for (const key of ['a', 'b', 'c']) expect(await ask(key)).toEqual({ total: 1 })
    expect(counts).toMatchObject({ misses: 3, loads: 3, bypassed: 6 })
    expect(warnings().map(({ fields }) => [fields['code'], fields['cache']])).toEqual([
      ['SLU5401', 'prices'],
    ])
    caches.setAvailable(true)
    await ask('a')
    expect(log.lines.filter(({ message }) => message.includes('answers again'))).toHaveLength(1)
    caches.setAvailable(false)
    await ask('b')
    expect(warnings()).toHaveLength(2)
  })

  it('a fault of ours is no absence of the cache', async () => {
    const ask = step()
    handler = () => ({ total: 1 })
    driver = { ...driver, get: () => Promise.reject(new TypeError('not a function')) }
    await expect(step()('a')).rejects.toThrow('not a function')
    expect(await ask('a')).toEqual({ total: 1 })
    expect(counts.bypassed).toBe(0)
  })
})

it('a value that is no JSON is the fault of the handler, and not stored', async () => {
  const price: Record<string, unknown> = { total: 1 }
  price['self'] = price
  handler = () => price
  await expect(step()('a')).rejects.toMatchObject({ code: 'SLU5107' })
  await expect(step({ as: 'hash' })('a')).rejects.toMatchObject({ code: 'SLU5107' })
  expect(counts.bypassed).toBe(0)
})
