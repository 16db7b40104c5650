// A cache for other services: the same entries that pipelines read and write, checked both ways.
import { SluiceError } from '../core/errors.ts'
import type { CachePlan } from '../core/plan.ts'
import type { CacheCounts } from '../core/telemetry.ts'
import { cacheNamespace } from '../runtime/assemble.ts'
import { lifeOf } from '../steps/cache-entry.ts'
import { addressOf, keyText } from '../steps/cache-key.ts'
import { createCacheStore } from '../steps/cache-store.ts'
import { SingleFlight } from '../steps/single-flight.ts'
import { named, type ClientConnections, type ClientParts } from './parts.ts'
import type { CacheClient } from './shape.ts'

export function createCaching(
  parts: ClientParts,
  connections: ClientConnections,
  name: string,
): CacheClient<unknown> {
  const { plan, world, log } = parts
  const cache = named('cache', plan.caches, name)
  const namespace = cacheNamespace(parts, name)
  const check = parts.checkOf(cache.schema)
  const problem = (value: unknown) =>
    value === null && cache.absentMs !== undefined ? undefined : check(value)
  const counts: CacheCounts = { hits: 0, misses: 0, loads: 0, bypassed: 0 }
  const driver = connections.of(cache.connection).cache(cache.connection)
  const store = createCacheStore({ cache, driver, check: problem, counts, log })
  const flights = new SingleFlight<unknown>()
  const address = (key: unknown) => addressOf(namespace, textOf(cache, key))
  let first: Promise<void> | undefined
  // One that may be away is waited for once; from then on it tries by itself.
  const ready = () =>
    cache.whenDown === 'fail'
      ? connections.connected(cache.connection)
      : (first ??= driver.connect().catch(() => {}))

  const read = async (key: unknown) => {
    const place = address(key)
    await ready()
    return store.read(place)
  }
  const write = async (key: unknown, value: unknown, forMs?: number) => {
    const place = address(key)
    const unfit = problem(value)
    if (unfit !== undefined)
      throw new SluiceError('SLU5105', {
        message: `a value for cache ${name} does not fit ${cache.schema}: ${unfit}`,
        at: cache.at,
      })
    await ready()
    const terms = forMs === undefined ? cache : { ...cache, ttlMs: forMs }
    const { entry, ttlMs } = lifeOf(terms, value, world)
    await store.write(place, entry, ttlMs)
  }
  return {
    get: async (key) => (await read(key))?.value,
    set(key, value, { ttlMs } = {}) {
      if (ttlMs !== undefined && !(Number.isFinite(ttlMs) && ttlMs > 0))
        return Promise.reject(new RangeError(`a ttl of ${ttlMs} ms is none`))
      return write(key, value, ttlMs)
    },
    async getOrLoad(key, load) {
      const { value } = await flights.run(address(key), async () => {
        const entry = await read(key)
        if (entry !== undefined) return entry.value
        const loaded = await load()
        await write(key, loaded)
        return loaded
      })
      return value
    },
  }
}

function textOf({ name, at }: CachePlan, key: unknown): string {
  let cause: unknown
  try {
    const text = keyText(key)
    if (text !== undefined) return text
  } catch (thrown) {
    cause = thrown
  }
  throw new SluiceError('SLU5107', {
    message: `cache ${name} was asked for a key that is not plain data`,
    at,
    cause,
  })
}
