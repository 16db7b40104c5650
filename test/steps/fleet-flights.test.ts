// Cache steps of several processes on one cache: one load a key in the whole fleet, whoever fails, dies or is cut off.
import { beforeEach, describe, expect, it } from 'vitest'
import { eventLoopTurn, systemWorld, type World } from '../../workers/core/clock.ts'
import type { CacheDriver } from '../../workers/core/contract.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import type { CachePlan } from '../../workers/core/plan.ts'
import { countedIds } from '../../workers/core/seeded.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { createEmbeddedCacheDriver } from '../../workers/drivers/embedded/cache-driver.ts'
import { EmbeddedCaches } from '../../workers/drivers/embedded/caches.ts'
import { zeroCache } from '../../workers/runtime/counts.ts'
import { createCacheStep } from '../../workers/steps/cache.ts'
import { cacheAddress } from '../../workers/steps/cache-key.ts'
import type { StepContext } from '../../workers/steps/context.ts'
import { Refreshes } from '../../workers/steps/refreshes.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { recordedLog } from '../support/recorded-log.ts'

const MINUTE = 60_000
const LEASE_MS = 6_000
const at = { file: 'pipelines/billing.yaml', line: 1, column: 1 }

let clock: ReturnType<typeof createVirtualClock>
let caches: EmbeddedCaches
/** Loads that are under way, in any process. */
let loads: ReturnType<typeof Promise.withResolvers<unknown>>[]
const ids = countedIds()

beforeEach(() => {
  clock = createVirtualClock(1_700_000_000_000)
  caches = new EmbeddedCaches(clock)
  loads = []
})

/** One process: a client of the cache of its own, and what it counts. */
async function process(changes: Partial<CachePlan> = {}, faults: Partial<CacheDriver> = {}) {
  const log = recordedLog()
  const world: World = { ...systemWorld, clock, ids }
  const driver = createEmbeddedCacheDriver(caches, {
    world,
    log,
    origin: 'test',
    clientId: 'test',
  })
  await driver.connect().catch(() => {})
  const counts = zeroCache()
  const expression = { text: 'event.data', at }
  const load = {
    handler: 'quote',
    input: expression,
    caches: [],
    timeoutMs: 5_000,
    breaker: undefined,
    at,
  }
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
      load,
      leaseMs: LEASE_MS,
    },
    cache: {
      name: 'prices',
      connection: 'hot',
      at,
      ttlMs: MINUTE,
      jitter: 0,
      as: 'string',
      schema: 'values/price',
      whenDown: 'bypass',
      staleMs: 0,
      flight: 'fleet',
      absentMs: undefined,
      ...changes,
    },
    namespace: 'shop:prices:',
    driver: { ...driver, ...faults },
    load() {
      const one = Promise.withResolvers<unknown>()
      loads.push(one)
      return one.promise
    },
    check: () => undefined,
    refreshes: new Refreshes(2),
    counts,
    world,
    tracer: createTracer(systemWorld, {}, log).tracer,
    log,
  })
  const given = new AbortController()
  const ctx = {
    envelope: {},
    attempt: 1,
    span: { context: {} },
    signal: given.signal,
    assertLive: () => given.signal.throwIfAborted(),
  } as unknown as StepContext
  const ask = (key: unknown) =>
    run(
      ctx,
      () => key,
      () => key,
    )
  return { ask, counts, giveUp: () => given.abort(new Error('given up')) }
}

const many = (ask: (key: unknown) => Promise<unknown>, count = 25) =>
  Array.from({ length: count }, () => ask('a'))
const turns = async (count = 5) => {
  for (let n = 0; n < count; n++) await eventLoopTurn()
}

describe('misses of several processes at once', () => {
  it('are one load: the others wait for what it writes', async () => {
    const fleet = await Promise.all([process(), process(), process()])
    const answers = fleet.flatMap(({ ask }) => many(ask))
    await turns()
    await clock.advance(1_000)
    expect(loads).toHaveLength(1)
    loads[0]?.resolve({ total: 1 })
    await clock.advance(200)
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 75 }, () => ({ total: 1 })))
    const sum = (of: 'misses' | 'loads') => fleet.reduce((all, { counts }) => all + counts[of], 0)
    expect([sum('misses'), sum('loads')]).toEqual([1, 1])
    expect(fleet.map(({ counts }) => counts.waited).toSorted((a, b) => a - b)).toEqual([0, 25, 25])
  })

  it('of two keys do not wait for one another', async () => {
    const [one, two] = await Promise.all([process(), process()])
    const answers = [one.ask('a'), two.ask('b')]
    await turns()
    expect(loads).toHaveLength(2)
    for (const load of loads) load.resolve({ total: 2 })
    await Promise.all(answers)
  })

  it('whose lease comes after the load of another have its entry, and give the lease back', async () => {
    const [one, two] = await Promise.all([process(), process()])
    const lease = `{${cacheAddress('shop:prices:', 'a')}}:lease`
    const { get } = caches
    // The entry is written between the look of this process and its lease.
    caches.get = (key) => {
      if (key === lease) {
        caches.get = get
        caches.set(cacheAddress('shop:prices:', 'a'), '{"value":{"total":1}}', MINUTE)
      }
      return get.call(caches, key)
    }
    expect(await one.ask('a')).toEqual({ total: 1 })
    expect(await two.ask('a')).toEqual({ total: 1 })
    expect(loads).toHaveLength(0)
    expect(caches.get(lease)).toBeUndefined()
  })

  it('leave nothing behind: the next miss loads at once', async () => {
    const [one, two] = await Promise.all([process(), process()])
    const answer = one.ask('a')
    await turns()
    loads[0]?.resolve({ total: 1 })
    await answer
    await clock.advance(MINUTE)
    const again = two.ask('a')
    await turns()
    expect(loads).toHaveLength(2)
    loads[1]?.resolve({ total: 2 })
    expect(await again).toEqual({ total: 2 })
  })
})

describe('a load that comes to nothing', () => {
  it('fails for its own process alone: another one loads right after it', async () => {
    const [one, two] = await Promise.all([process(), process()])
    const first = one.ask('a').catch((error: unknown) => error)
    await turns()
    const second = two.ask('a')
    await clock.advance(300)
    expect(loads).toHaveLength(1)
    loads[0]?.reject(new SluiceError('SLU5101', { message: 'no model' }))
    expect(await first).toBeInstanceOf(SluiceError)
    await clock.advance(200)
    expect(loads).toHaveLength(2)
    loads[1]?.resolve({ total: 2 })
    expect(await second).toEqual({ total: 2 })
  })

  it('of a process that ended under it costs the others its lease, and no more', async () => {
    const [one, two] = await Promise.all([process(), process()])
    // It never answers, and never gives its lease back.
    void one.ask('a')
    await turns()
    await clock.advance(1_000)
    const answer = two.ask('a')
    await clock.advance(LEASE_MS - 1_100)
    expect(loads).toHaveLength(1)
    await clock.advance(300)
    expect(loads).toHaveLength(2)
    loads[1]?.resolve({ total: 2 })
    expect(await answer).toEqual({ total: 2 })
  })

  it('for longer than the others wait is waited for no more', async () => {
    const slow = await process()
    void slow.ask('a')
    await turns()
    // As if it were held for ever by others, one after another.
    const lease = `{${cacheAddress('shop:prices:', 'a')}}:lease`
    expect(caches.get(lease)).toBeDefined()
    caches.set(lease, 'another', 10 * MINUTE)
    const { ask } = await process()
    const answer = ask('a')
    await clock.advance(LEASE_MS + 200)
    expect(loads).toHaveLength(2)
    loads[1]?.resolve({ total: 2 })
    expect(await answer).toEqual({ total: 2 })
    expect(caches.get(lease)).toBe('another')
  })
})

describe('who waits', () => {
  it('goes on at once when its message is given up', async () => {
    const [one, two] = await Promise.all([process(), process()])
    void one.ask('a')
    await turns()
    void two.ask('a').catch(() => {})
    await turns()
    two.giveUp()
    await turns()
    // It stands before its handler, which lets nobody through who was given up.
    expect(loads).toHaveLength(2)
  })

  it('loads for itself when the cache goes away meanwhile', async () => {
    const [one, two] = await Promise.all([process(), process()])
    void one.ask('a')
    await turns()
    const answer = two.ask('a')
    await turns()
    caches.setAvailable(false)
    await clock.advance(200)
    expect(loads).toHaveLength(2)
    loads[1]?.resolve({ total: 2 })
    expect(await answer).toEqual({ total: 2 })
  })
})

it('without the cache every process loads for itself', async () => {
  caches.setAvailable(false)
  const fleet = await Promise.all([process(), process()])
  const answers = fleet.map(({ ask }) => ask('a'))
  await turns()
  expect(loads).toHaveLength(2)
  for (const load of loads) load.resolve({ total: 3 })
  expect(await Promise.all(answers)).toEqual([{ total: 3 }, { total: 3 }])
})

it('where the cache must be there, its outage fails the message', async () => {
  const { ask } = await process({ whenDown: 'fail' })
  caches.setAvailable(false)
  await expect(ask('a')).rejects.toMatchObject({ code: 'SLU5401' })
})

it.each(['the lease', 'the entry'] as const)(
  'where the cache must be there, a message that fails for want of %s does not hold up its next attempt',
  async (lacking) => {
    let isAway = false
    const away = () => new SluiceError('SLU5402')
    const lease = async (key: string, token: string, ttlMs: number) => {
      caches.set(key, token, ttlMs)
      isAway = true
      // Taken, and nobody hears of it.
      if (lacking === 'the lease') throw away()
      return true
    }
    const get = (key: string) =>
      isAway ? Promise.reject(away()) : Promise.resolve(caches.get(key) as string | undefined)
    const first = await process({ whenDown: 'fail' }, { lease, get })
    await expect(first.ask('a')).rejects.toMatchObject({ code: 'SLU5402' })
    const next = await process({ whenDown: 'fail' })
    const answer = next.ask('a')
    await turns()
    expect(loads).toHaveLength(1)
    loads[0]?.resolve({ total: 1 })
    expect(await answer).toEqual({ total: 1 })
  },
)

it('a stale entry is loaded anew by one process, while it answers in all of them', async () => {
  const fleet = await Promise.all([
    process({ staleMs: MINUTE }),
    process({ staleMs: MINUTE }),
    process({ staleMs: MINUTE }),
  ])
  const first = fleet[0].ask('a')
  await turns()
  loads[0]?.resolve({ total: 1 })
  await first
  await clock.advance(MINUTE)
  const answers = await Promise.all(fleet.flatMap(({ ask }) => many(ask, 5)))
  expect(answers).toEqual(Array.from({ length: 15 }, () => ({ total: 1 })))
  await turns()
  expect(loads).toHaveLength(2)
  loads[1]?.resolve({ total: 2 })
  await turns()
  for (const { ask } of fleet) expect(await ask('a')).toEqual({ total: 2 })
  expect(loads).toHaveLength(2)
})
