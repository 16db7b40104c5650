// Looks at a Redis through INFO, which every user may ask; reads no key.
import type { Redis } from 'ioredis'
import type { DriverContext } from '../../core/contract.ts'
import type { RedisFacts, RedisInspector } from '../../core/facts.ts'
import { Inspection } from '../../core/inspection.ts'
import { nameOf, type Place, type RedisSettings } from './errors.ts'
import { RedisLink } from './link.ts'

/** Whoever asks is bounded by `look`; this only ends a command that nobody waits for any more. */
const BOUNDS = { commandMs: 30_000, late: 'SLU1183', refused: 'SLU1184' } as const

/** A connection that is opened when it is asked; what is asked on it is bounded by whoever asks. */
export function redisInspection(settings: RedisSettings, context: DriverContext) {
  const place: Place = { settings, origin: context.origin }
  const target = nameOf(place)
  const { clock } = context.world
  const inspection = new Inspection<RedisLink>({
    clock,
    target,
    origin: context.origin,
    open: (signal) => RedisLink.open({ place, context, bounds: BOUNDS, lost: () => {} }, signal),
    shut: (link) => link.close(),
  })
  const latency = async (link: RedisLink) => {
    const asked = clock.monotonic()
    await link.run('PING', (client) => client.ping())
    return clock.monotonic() - asked
  }
  return { target, inspection, latency }
}

export function createRedisInspector(
  settings: RedisSettings,
  context: DriverContext,
): RedisInspector {
  const { target, inspection, latency } = redisInspection(settings, context)
  return {
    target,
    driver: 'redis',
    look: (_wanted, withinMs) =>
      inspection.ask(withinMs, async (link) => {
        const latencyMs = await latency(link)
        const info = await link.run('INFO', (client: Redis) => client.info())
        return factsOf(info, latencyMs)
      }),
    close: () => inspection.close(),
  }
}

function factsOf(info: string, latencyMs: number): RedisFacts {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':')
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
  const text = (name: string) => fields.get(name) ?? ''
  const number = (name: string) => Number(fields.get(name) ?? 0)
  const limit = number('maxmemory')
  const fine = (name: string) => !fields.has(name) || text(name) === 'ok'
  return {
    version: fields.get('redis_version') ?? null,
    latencyMs,
    uptimeSeconds: number('uptime_in_seconds'),
    clients: number('connected_clients'),
    memory: {
      usedBytes: number('used_memory'),
      limitBytes: limit === 0 ? null : limit,
      policy: text('maxmemory_policy'),
    },
    persistence: {
      appendOnly: text('aof_enabled') === '1',
      lastWriteOk: fine('rdb_last_bgsave_status') && fine('aof_last_write_status'),
      loading: text('loading') === '1',
    },
    cluster: {
      enabled: text('cluster_enabled') === '1',
      role: text('role'),
      replicas: number('connected_slaves'),
    },
    keyspace: {
      hits: number('keyspace_hits'),
      misses: number('keyspace_misses'),
      evicted: number('evicted_keys'),
    },
  }
}
