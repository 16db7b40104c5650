// A cache for other services: the same entries that pipelines read and write, checked both ways.
import { SluiceError } from '../core/errors.ts'
import { leaseMsOf } from '../core/lease-time.ts'
import type { CachePlan } from '../core/plan.ts'
import { cacheNamespace } from '../runtime/assemble.ts'
import { zeroCache } from '../runtime/counts.ts'
import { lifeOf } from '../steps/cache-entry.ts'
import { addressOf, keyText } from '../steps/cache-key.ts'
import { tagAddress, tagOf, tagsOf } from '../steps/cache-tags.ts'
import { createCacheStore } from '../steps/cache-store.ts'
import { FleetFlights } from '../steps/fleet-flights.ts'
import { SingleFlight } from '../steps/single-flight.ts'
import { named, type ClientConnections, type ClientParts } from './parts.ts'
import type { CacheClient } from './shape.ts'

/** As the load of a cache step, where nothing is said. */
const WITHIN_MS = 20_000
const NEVER = new AbortController().signal

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
  const driver = connections.of(cache.connection).cache(cache.connection)
  const store = createCacheStore({
    cache,
    namespace,
    driver,
    check: problem,
    counts: zeroCache(),
    ids: world.ids,
    log,
  })
  const flights = new SingleFlight<unknown>()
  const fleet = cache.flight === 'fleet' ? new FleetFlights(store, world) : undefined
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
  const fits = (value: unknown) => {
    const unfit = problem(value)
    if (unfit !== undefined)
      throw new SluiceError('SLU5105', {
        message: `a value for cache ${name} does not fit ${cache.schema}: ${unfit}`,
        at: cache.at,
      })
  }
  const write = async (
    key: unknown,
    value: unknown,
    forMs: number | undefined,
    tags: readonly (string | number)[],
  ) => {
    const place = address(key)
    const names = tagsOf(tags, cache.at)
    fits(value)
    await ready()
    const terms = forMs === undefined ? cache : { ...cache, ttlMs: forMs }
    const { entry, ttlMs } = lifeOf(terms, value, world)
    await store.writeTagged(place, entry, ttlMs, names, terms)
  }
  return {
    get: async (key) => (await read(key))?.value,
    set(key, value, { ttlMs, tags = [] } = {}) {
      if (ttlMs !== undefined && !(Number.isFinite(ttlMs) && ttlMs > 0))
        return Promise.reject(new RangeError(`a ttl of ${ttlMs} ms is none`))
      return write(key, value, ttlMs, tags)
    },
    async forget(tag) {
      const place = tagAddress(namespace, tagOf(tag, cache.at))
      await connections.connected(cache.connection)
      await driver.delete(place)
    },
    async getOrLoad(key, load, { withinMs = WITHIN_MS, signal = NEVER, tags = [] } = {}) {
      // No server can be told of such a lease.
      if (!(Number.isFinite(withinMs) && withinMs >= 0))
        throw new RangeError(`a load within ${withinMs} ms is none`)
      const place = address(key)
      const names = tagsOf(tags, cache.at)
      const { value } = await flights.run(place, async () => {
        const entry = await read(key)
        if (entry !== undefined) return entry.value
        const turn = await fleet?.turn(place, leaseMsOf(withinMs), signal)
        if (turn !== undefined && 'found' in turn) return turn.found.value
        try {
          const generations = await store.generations(names)
          const loaded = await load()
          fits(loaded)
          const { entry, ttlMs } = lifeOf(cache, loaded, world)
          const tagged = names.length === 0 ? entry : { ...entry, tags: generations ?? [] }
          if (generations !== undefined) await store.write(place, tagged, ttlMs)
          return loaded
        } finally {
          await turn?.land()
        }
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
