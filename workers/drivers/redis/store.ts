// Stores on Redis: a value and the mark of the effect that wrote it are one script; refuses a Redis that could forget.
import type { DriverContext, StoreDriver } from '../../core/contract.ts'
import { hashFields, storeKey } from '../../core/stored.ts'
import type { RedisSettings } from './errors.ts'
import { provesKept } from './kept.ts'
import { openLife } from './life.ts'
import { scripted } from './scripts.ts'

/** A value is worth waiting for. One without an answer may be there or not: it is put again. */
const STORE_BOUNDS = { commandMs: 5_000, late: 'SLU5405', refused: 'SLU5408' } as const

/** One connection for all that is stored in this Redis. */
export function createRedisStoreDriver(
  settings: RedisSettings,
  context: DriverContext,
): StoreDriver {
  const { driver, run } = openLife({
    place: { settings, origin: context.origin },
    context,
    bounds: STORE_BOUNDS,
    prove: provesKept,
  })
  return {
    ...driver,
    async put(store, { id, key, value, guardMs }) {
      const text = Buffer.from(value).toString()
      const parts = store.as === 'hash' ? hashFields(text).flat() : [text]
      const address = storeKey(store, key)
      // In a cluster the mark stands where its value does.
      const mark = `{${address}}:effect:${id}`
      const written = await run('the value', (client) =>
        scripted(client).sluicePut(
          address,
          mark,
          store.as,
          Math.max(1, Math.round(store.ttlMs)),
          Math.round(guardMs),
          ...parts,
        ),
      )
      return written === 1
    },
  }
}
