// The embedded stand-in for Redis as a cache; held to the same contract.
import type { CacheDriver, DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { EmbeddedCaches } from './caches.ts'

export function createEmbeddedCacheDriver(
  caches: EmbeddedCaches,
  _context: DriverContext,
): CacheDriver {
  let open = false
  const assertOpen = () => {
    if (!open) throw new SluiceError('SLU5401', { message: 'the driver is closed' })
  }
  return {
    connect: () => {
      open = true
      return Promise.resolve()
    },
    isUp: () => open,
    whenUp: () => Promise.resolve(),
    ping: () => Promise.resolve(),
    close: () => {
      open = false
      return Promise.resolve()
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async get(key) {
      assertOpen()
      return caches.get(key)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async set(key, value, ttlMs) {
      assertOpen()
      caches.set(key, value, ttlMs)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async delete(key) {
      assertOpen()
      caches.delete(key)
    },
  }
}
