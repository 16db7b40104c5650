// The embedded stand-in for Redis as a store; held to the same contract.
import type { DriverContext, StoreDriver } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { hashFields, storeKey } from '../../core/stored.ts'
import { createPresence } from './presence.ts'
import type { EmbeddedStores } from './stores.ts'

export function createEmbeddedStoreDriver(
  stores: EmbeddedStores,
  context: DriverContext,
): StoreDriver {
  const { absence, ...driver } = createPresence('Redis', 'SLU5401', stores.available, context)
  const assertPresent = () => {
    const absent = absence()
    if (absent !== undefined) throw absent
  }
  return {
    ...driver,
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async put(store, entry) {
      assertPresent()
      const text = Buffer.from(entry.value).toString()
      const written = store.as === 'hash' ? new Map(hashFields(text)) : text
      return stores.put(storeKey(store, entry.key), written, store.ttlMs, entry)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async get(store, key, fields = []) {
      assertPresent()
      const address = storeKey(store, key)
      const found = stores.get(address)
      if (found === undefined) return undefined
      if ((typeof found === 'string') !== (store.as === 'string')) throw wrongKind('the look')
      if (store.sliding) stores.touch(address, store.ttlMs)
      if (typeof found === 'string' || fields.length === 0) return found
      return new Map([...found].filter(([field]) => fields.includes(field)))
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async touch(store, key) {
      assertPresent()
      return stores.touch(storeKey(store, key), store.ttlMs)
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async destroy(store, key) {
      assertPresent()
      return stores.destroy(storeKey(store, key))
    },
  }
}

const wrongKind = (command: string) =>
  new SluiceError('SLU5408', {
    message: `the embedded Redis refused ${command}: the key holds the other kind of value`,
  })
