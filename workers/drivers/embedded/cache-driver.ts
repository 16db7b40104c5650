// The embedded stand-in for Redis as a cache; held to the same contract.
import type { CacheDriver, DriverContext } from '../../core/contract.ts'
import type { EmbeddedCaches } from './caches.ts'
import { createPresence } from './presence.ts'

export function createEmbeddedCacheDriver(
  caches: EmbeddedCaches,
  context: DriverContext,
): CacheDriver {
  const { absence, ...driver } = createPresence('Redis', 'SLU5401', caches.available, context)
  const assertPresent = () => {
    const absent = absence()
    if (absent !== undefined) throw absent
  }
  return {
    ...driver,
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async get(key) {
      assertPresent()
      return caches.get(key)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async set(key, value, ttlMs) {
      assertPresent()
      caches.set(key, value, ttlMs)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async delete(key) {
      assertPresent()
      caches.delete(key)
    },
  }
}
