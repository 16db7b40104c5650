// The Redis driver for caches on ioredis: fails fast when Redis is away or slow, so that a cache never holds work up for long.
import type { CacheDriver, DriverContext } from '../../core/contract.ts'
import { type RedisSettings } from './settings.ts'
import type { RedisClient } from './client.ts'
import { openLife } from './life.ts'
import { scripted } from './scripts.ts'

export type { RedisSettings } from './settings.ts'

/** A cache that takes longer saves nothing. */
const CACHE_BOUNDS = { commandMs: 300, late: 'SLU5402', refused: 'SLU5403' } as const

/** One connection for all caches of this Redis. Every call answers within about 300 ms, or at once while Redis is away. */
export function createRedisDriver(settings: RedisSettings, context: DriverContext): CacheDriver {
  const { driver, run } = openLife({
    place: { settings, origin: context.origin },
    context,
    bounds: CACHE_BOUNDS,
  })
  return {
    ...driver,
    async get(key) {
      return (await run('GET', (client) => client.get(key))) ?? undefined
    },
    async set(key, value, ttlMs) {
      await run('SET', (client) => client.set(key, value, 'PX', lifetime(ttlMs)))
    },
    async getHash(key) {
      // As Redis answers, in pairs: a field may have any name, `__proto__` too.
      const pairs = await run('HGETALL', (client) => client.call('HGETALL', key))
      const fields = fieldsOf(pairs as readonly string[])
      return fields.size === 0 ? undefined : fields
    },
    async setHash(key, fields, ttlMs) {
      await run('HSET', (client) => writeHash(client, key, fields, lifetime(ttlMs)))
    },
    async delete(key) {
      await run('DEL', (client) => client.del(key))
    },
    async lease(key, token, ttlMs) {
      const taken = await run('SET', (client) =>
        client.set(key, token, 'PX', lifetime(ttlMs), 'NX'),
      )
      return taken === 'OK'
    },
    agree(key, proposal, ttlMs) {
      return run('the agreement', (client) =>
        scripted(client).sluiceAgree(key, proposal, lifetime(ttlMs)),
      )
    },
    async release(key, token) {
      await run('the release', (client) => scripted(client).sluiceRelease(key, token))
    },
  }
}

const lifetime = (ttlMs: number) => Math.max(1, Math.round(ttlMs))

function fieldsOf(pairs: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>()
  for (let i = 0; i + 1 < pairs.length; i += 2)
    fields.set(pairs[i] as string, pairs[i + 1] as string)
  return fields
}

/** In one transaction. Rejects with the first refusal: EXEC resolves whatever its commands gave. */
async function writeHash(
  client: RedisClient,
  key: string,
  fields: ReadonlyMap<string, string>,
  ttl: number,
): Promise<void> {
  const answers = await client.multi().del(key).hset(key, fields).pexpire(key, ttl).exec()
  for (const [error] of answers ?? []) if (error !== null) throw error
}
