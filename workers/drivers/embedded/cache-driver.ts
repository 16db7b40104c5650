// The embedded stand-in for Redis as a cache; held to the same contract.
import type { CacheDriver, DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
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
      const value = caches.get(key)
      if (value !== undefined && typeof value !== 'string') throw wrongKind('GET')
      return value
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async set(key, value, ttlMs) {
      assertPresent()
      caches.set(key, value, ttlMs)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async getHash(key) {
      assertPresent()
      const value = caches.get(key)
      if (typeof value === 'string') throw wrongKind('HGETALL')
      return value
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async setHash(key, fields, ttlMs) {
      assertPresent()
      caches.set(key, new Map(fields), ttlMs)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async delete(key) {
      assertPresent()
      caches.delete(key)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async lease(key, token, ttlMs) {
      assertPresent()
      if (caches.get(key) !== undefined) return false
      caches.set(key, token, ttlMs)
      return true
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async agree(key, proposal, ttlMs) {
      assertPresent()
      const stands = caches.get(key)
      if (stands !== undefined && typeof stands !== 'string') throw wrongKind('the agreement')
      const agreed = stands ?? proposal
      if (caches.timeToLive(key) < ttlMs) caches.set(key, agreed, ttlMs)
      return agreed
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async release(key, token) {
      assertPresent()
      const held = caches.get(key)
      if (held !== undefined && typeof held !== 'string') throw wrongKind('the release')
      if (held === token) caches.delete(key)
    },
  }
}

const wrongKind = (command: string) =>
  new SluiceError('SLU5403', {
    message: `the embedded Redis refused ${command}: the key holds the other kind of value`,
  })
