// The embedded cache driver against the contract of all cache drivers, on a virtual clock; its bounds and its switch.
import { describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { createEmbeddedCacheDriver } from '../../workers/drivers/embedded/cache-driver.ts'
import { EmbeddedCaches } from '../../workers/drivers/embedded/caches.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { cacheContract } from './cache.contract.ts'
import { rejectionOf } from './queue.contract.ts'

const context = (clock = createVirtualClock(0), log = recordedLog()) => ({
  world: { ...systemWorld, clock },
  log,
  origin: 'connection hot (pipelines/fleet.yaml:6)',
  clientId: 'test',
})

cacheContract('embedded', () => {
  const clock = createVirtualClock(1_700_000_000_000)
  const caches = new EmbeddedCaches(clock)
  return Promise.resolve({
    driver: (log) => createEmbeddedCacheDriver(caches, context(clock, log)),
    pass: (ms) => clock.advance(ms),
    timeToLive: (key) => Promise.resolve(caches.timeToLive(key)),
    close: () => Promise.resolve(),
  })
})

describe('the bounds of an embedded cache', () => {
  it('lets the oldest written go when there are too many entries or too many characters', () => {
    const caches = new EmbeddedCaches(createVirtualClock(0), { entries: 3, characters: 20 })
    for (const key of ['a', 'b', 'c']) caches.set(key, 'x', 1_000)
    caches.set('a', 'y', 1_000)
    caches.set('d', 'x', 1_000)
    expect(['a', 'b', 'c', 'd'].map((key) => caches.get(key))).toEqual(['y', undefined, 'x', 'x'])
    caches.set('e', 'x'.repeat(17), 1_000)
    const kept = () => ['a', 'c', 'd', 'e', 'f'].filter((key) => caches.get(key) !== undefined)
    expect(kept()).toEqual(['d', 'e'])
    caches.set('f', new Map([['field', 'x'.repeat(12)]]), 1_000)
    expect(kept()).toEqual(['f'])
  })

  it('does not keep what has expired and is never asked for again', async () => {
    const clock = createVirtualClock(0)
    const caches = new EmbeddedCaches(clock)
    for (let n = 0; n < 1_000; n++) caches.set(`short ${n}`, 'x', 50)
    caches.set('long', 'x', 1_000_000)
    await clock.advance(60)
    for (let n = 0; n < 1_100; n++) caches.set(`other ${n}`, 'x', 1_000_000)
    expect(caches.size).toBe(1_101)
  })
})

describe('an embedded cache that is away', () => {
  it('rejects as Redis does and comes back for all who wait', async () => {
    const caches = new EmbeddedCaches(createVirtualClock(0))
    const cache = createEmbeddedCacheDriver(caches, context())
    caches.setAvailable(false)
    expect(await rejectionOf(cache.connect())).toMatchObject({ code: 'SLU5401', outage: true })
    expect(cache.isUp()).toBe(false)
    const up = cache.whenUp()
    caches.setAvailable(true)
    await up
    await cache.set('key', 'kept', 1_000)
    caches.setAvailable(false)
    expect((await rejectionOf(cache.get('key'))).code).toBe('SLU5401')
    caches.setAvailable(true)
    expect(await cache.get('key')).toBe('kept')
  })
})
