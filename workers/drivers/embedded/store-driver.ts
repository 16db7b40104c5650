// The embedded stand-in for Redis as a store; held to the same contract.
import type { DriverContext, StoreDriver } from '../../core/contract.ts'
import { hashFields, storeKey } from '../../core/stored.ts'
import { createPresence } from './presence.ts'
import type { EmbeddedStores } from './stores.ts'

export function createEmbeddedStoreDriver(
  stores: EmbeddedStores,
  context: DriverContext,
): StoreDriver {
  const { absence, ...driver } = createPresence('Redis', 'SLU5401', stores.available, context)
  return {
    ...driver,
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async put(store, { id, key, value, guardMs }) {
      const absent = absence()
      if (absent !== undefined) throw absent
      const text = Buffer.from(value).toString()
      const written = store.as === 'hash' ? new Map(hashFields(text)) : text
      return stores.put(storeKey(store, key), written, store.ttlMs, id, guardMs)
    },
  }
}
