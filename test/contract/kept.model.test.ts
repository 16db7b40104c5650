// Caches and stores on a real Redis beside the embedded ones: whatever is set, leased, agreed on, put, read, touched, destroyed or left
// to expire, both answer the same. What is short is over before the next call, so that no answer hangs on speed.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock, systemWorld } from '../../workers/core/clock.ts'
import type { CacheDriver, Store, StoreDriver } from '../../workers/core/contract.ts'
import { silentLog } from '../../workers/core/log.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { createEmbeddedCacheDriver } from '../../workers/drivers/embedded/cache-driver.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStoreDriver } from '../../workers/drivers/embedded/store-driver.ts'
import { createRedisDriver } from '../../workers/drivers/redis/index.ts'
import { createRedisStoreDriver } from '../../workers/drivers/redis/store.ts'
import { runs } from '../support/fuzz.ts'
import { written } from '../support/hostile.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'

const prefix = `kept-${randomUUID()}:`
const LONG_MS = 600_000
/** Longer than what is short, by any clock. */
const PASSES_MS = 15

const clock = createVirtualClock(1_700_000_000_000)
const contextOn = (world: typeof systemWorld) => ({
  world,
  log: silentLog,
  origin: 'connection hot (pipelines/fleet.yaml:6)',
  clientId: 'model',
})
const embedded = new EmbeddedRedis(clock)
const virtual = contextOn({ ...systemWorld, clock })
const caches: readonly [CacheDriver, CacheDriver] = [
  createEmbeddedCacheDriver(embedded.caches, virtual),
  createRedisDriver(redisSettings(), contextOn(systemWorld)),
]
const stores: readonly [StoreDriver, StoreDriver] = [
  createEmbeddedStoreDriver(embedded.stores, virtual),
  createRedisStoreDriver(redisSettings(), contextOn(systemWorld)),
]
const all = [...caches, ...stores]

beforeAll(() => Promise.all(all.map((driver) => driver.connect())))
afterAll(async () => {
  await Promise.all(all.map((driver) => driver.close()))
  const view = await openRedisView()
  await removeKeys(view, prefix)
  await removeKeys(view, `{${prefix}`)
  view.disconnect()
})

/** For both, whatever was short is over. */
const pass = () => Promise.all([clock.advance(PASSES_MS), systemClock.sleep(PASSES_MS)])

/** What is refused is refused by both, for the same reason. */
async function same<Driver, Answer>(
  [inMemory, onRedis]: readonly [Driver, Driver],
  ask: (driver: Driver) => Promise<Answer>,
): Promise<void> {
  const answerOf = async (driver: Driver) => {
    try {
      return await ask(driver)
    } catch (error) {
      return (error as { code?: unknown }).code
    }
  }
  expect(await answerOf(onRedis)).toEqual(await answerOf(inMemory))
}

let worlds = 0
const length = fc.constantFrom('long' as const, 'long' as const, 'long' as const, 'short' as const)
const ms = (kind: 'long' | 'short') => (kind === 'long' ? LONG_MS : 1)
const doing = <What extends string>(...whats: What[]) => fc.constantFrom(...whats)

test('caches: set, read, deleted, leased and agreed on alike', async () => {
  const steps = fc.array(
    fc.record({
      what: doing('set', 'setHash', 'get', 'getHash', 'delete', 'lease', 'release', 'agree'),
      key: fc.nat(1),
      text: fc.constantFrom('a', 'b'),
      lives: length,
    }),
    { minLength: 5, maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (course) => {
      const world = worlds++
      for (const { what, key: nth, text, lives } of course) {
        const key = `${prefix}${world}:${nth}`
        await same<CacheDriver, unknown>(caches, (driver) => {
          switch (what) {
            case 'set':
              return driver.set(key, text, ms(lives))
            case 'setHash':
              return driver.setHash(key, new Map([[text, '1']]), ms(lives))
            case 'lease':
              return driver.lease(key, text, ms(lives))
            case 'agree':
              return driver.agree(key, text, ms(lives))
            case 'release':
              return driver.release(key, text)
            default:
              return driver[what](key)
          }
        })
        if (lives === 'short') await pass()
      }
    }),
    { numRuns: runs(30) },
  )
})

test.each(['string', 'hash'] as const)(
  'stores: put by versions, read in part, touched and destroyed alike, as a %s',
  async (as) => {
    const steps = fc.array(
      fc.record({
        what: doing('put', 'put', 'get', 'touch', 'destroy'),
        id: fc.constantFrom('e1', 'e2', 'e3'),
        key: fc.constantFrom('a', '{b}%'),
        value: fc.dictionary(written(8), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
        version: fc.option(fc.nat(12), { nil: undefined }),
        guarded: fc.boolean(),
        fields: fc.option(fc.array(written(8), { maxLength: 3 }), { nil: undefined }),
        lives: length,
        sliding: fc.boolean(),
      }),
      { minLength: 5, maxLength: 25 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (course) => {
        const world = worlds++
        for (const { what, id, key, value, version, guarded, fields, lives, sliding } of course) {
          const store: Store = {
            name: 'totals',
            connection: 'hot',
            at: { file: 'pipelines/fleet.yaml', line: 7, column: 3 },
            ttlMs: ms(lives),
            sliding,
            as,
            schema: 'values/total',
            address: `${prefix}${world}:`,
          }
          const entry = {
            id,
            key,
            value: Buffer.from(JSON.stringify(value)),
            guardMs: guarded ? LONG_MS : 0,
            ...(version === undefined ? {} : { version }),
          }
          await same<StoreDriver, unknown>(stores, (driver) => {
            if (what === 'put') return driver.put(store, entry)
            return what === 'get' ? driver.get(store, key, fields) : driver[what](store, key)
          })
          if (lives === 'short') await pass()
        }
      }),
      { numRuns: runs(30) },
    )
  },
)
