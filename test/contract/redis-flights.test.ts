// Two processes that miss the same keys of a cache on a real Redis: each key is loaded once, and a lease that nobody gives back ends.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { CacheDriver } from '../../workers/core/contract.ts'
import { createRedisDriver } from '../../workers/drivers/redis/index.ts'
import { zeroCache } from '../../workers/runtime/counts.ts'
import { createCacheStore } from '../../workers/steps/cache-store.ts'
import { FleetFlights } from '../../workers/steps/fleet-flights.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'

const prefix = `contract-${randomUUID()}:`
const never = new AbortController().signal
const drivers: CacheDriver[] = []
let one: ReturnType<typeof processOn>
let two: ReturnType<typeof processOn>

function processOn(driver: CacheDriver) {
  const store = createCacheStore({
    cache: {
      name: 'prices',
      connection: 'hot',
      at: { file: 'pipelines/fleet.yaml', line: 1, column: 1 },
      ttlMs: 60_000,
      jitter: 0,
      as: 'string',
      schema: 'values/price',
      whenDown: 'fail',
      staleMs: 0,
      flight: 'fleet',
      absentMs: undefined,
    },
    namespace: prefix,
    driver,
    check: () => undefined,
    counts: zeroCache(),
    ids: systemWorld.ids,
    log: recordedLog(),
  })
  const flights = new FleetFlights(store, systemWorld)
  return async (key: string, leaseMs: number, load: () => Promise<unknown>) => {
    const turn = await flights.turn(prefix + key, leaseMs, never)
    if ('found' in turn) return turn.found.value
    const value = await load()
    await store.write(prefix + key, { value }, 60_000)
    await turn.land()
    return value
  }
}

beforeAll(async () => {
  for (let n = 0; n < 2; n++)
    drivers.push(
      createRedisDriver(redisSettings(), {
        world: systemWorld,
        log: recordedLog(),
        origin: 'connection hot (pipelines/fleet.yaml:6)',
        clientId: `contract-${n}`,
      }),
    )
  await Promise.all(drivers.map((driver) => driver.connect()))
  ;[one, two] = drivers.map(processOn) as [typeof one, typeof two]
})

afterAll(async () => {
  await Promise.all(drivers.map((driver) => driver.close()))
  const view = await openRedisView()
  await removeKeys(view, prefix)
  await removeKeys(view, `{${prefix}`)
  view.disconnect()
})

it('a hundred misses of ten keys in two processes are ten loads', async () => {
  const loads: string[] = []
  const ask = (n: number) => {
    const key = `k${n % 10}`
    return (n % 2 === 0 ? one : two)(key, 30_000, async () => {
      loads.push(key)
      // For longer than the first looks of those who wait.
      await systemWorld.clock.sleep(50)
      return `value of ${key}`
    })
  }
  const all = Array.from({ length: 100 }, (_, n) => (n * 7) % 100)
  const answers = await Promise.all(all.map(ask))
  expect(answers).toEqual(all.map((n) => `value of k${n % 10}`))
  expect(loads.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `k${n}`))
})

it('a process that never comes back costs the other one its lease', async () => {
  void one('dead', 400, () => new Promise(() => {}))
  let loads = 0
  const answer = await two('dead', 60_000, () => {
    loads++
    return Promise.resolve('alive')
  })
  expect([answer, loads]).toEqual(['alive', 1])
})
