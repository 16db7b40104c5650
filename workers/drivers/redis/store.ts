// Stores on Redis: a value, its version and the mark of the effect that wrote it are one script; refuses a Redis that could forget.
import type { DriverContext, Store, StoreDriver } from '../../core/contract.ts'
import { hashFields, storeKey } from '../../core/stored.ts'
import type { RedisSettings } from './settings.ts'
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
    put(store, { id, key, value, guardMs, version }) {
      const text = Buffer.from(value).toString()
      const parts = store.as === 'hash' ? hashFields(text).flat() : [text]
      const [address, number] = keysOf(store, key)
      return run('the value', (client) =>
        scripted(client).sluicePut(
          address,
          `{${address}}:effect:${id}`,
          number,
          store.as,
          lifetime(store),
          Math.round(guardMs),
          version === undefined ? '' : String(version),
          ...parts,
        ),
      )
    },
    async get(store, key, fields = []) {
      const ttl = store.sliding ? lifetime(store) : 0
      const found = await run('the look', (client) =>
        scripted(client).sluiceTake(...keysOf(store, key), store.as, ttl, ...fields),
      )
      if (found === null) return undefined
      if (store.as === 'string') return found[0] ?? undefined
      return fields.length === 0 ? pairs(found) : among(fields, found)
    },
    async touch(store, key) {
      const touched = await run('the touch', (client) =>
        scripted(client).sluiceTouch(...keysOf(store, key), lifetime(store)),
      )
      return touched === 1
    },
    async destroy(store, key) {
      const destroyed = await run('the removal', (client) =>
        scripted(client).sluiceDestroy(...keysOf(store, key)),
      )
      return destroyed === 1
    },
  }
}

/** Of a value and its version. In a cluster both, and the mark of an effect, stand in one slot. */
function keysOf(store: Store, key: string): readonly [value: string, version: string] {
  const address = storeKey(store, key)
  return [address, `{${address}}:version`]
}

const lifetime = ({ ttlMs }: Store) => Math.max(1, Math.round(ttlMs))

function pairs(found: readonly (string | null)[]): Map<string, string> {
  const fields = new Map<string, string>()
  for (let i = 0; i + 1 < found.length; i += 2)
    fields.set(found[i] as string, found[i + 1] as string)
  return fields
}

/** Those that are not there are left out. */
const among = (fields: readonly string[], found: readonly (string | null)[]) =>
  new Map(
    fields.flatMap((field, at): [string, string][] => {
      const text = found[at]
      return text === null || text === undefined ? [] : [[field, text]]
    }),
  )
