// Reads what Redis says of itself in INFO, and of its cluster in CLUSTER NODES; what it leaves out is 0, or nothing.
import type { RedisNodeFacts, RedisServerFacts } from '../../core/facts.ts'

/** `name:value`, a line each. */
export function fieldsIn(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':')
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
}

export const versionIn = (info: string): string | null =>
  fieldsIn(info).get('redis_version') ?? null

export function serverFacts(info: string): RedisServerFacts {
  const fields = fieldsIn(info)
  const text = (name: string) => fields.get(name) ?? ''
  const number = (name: string) => Number(fields.get(name) ?? 0)
  const limit = number('maxmemory')
  const fine = (name: string) => !fields.has(name) || text(name) === 'ok'
  return {
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

export interface ClusterLine extends Omit<RedisNodeFacts, 'server'> {
  readonly id: string
  readonly isMyself: boolean
}

/** Of each node, as the one that was asked sees it. */
export function linesIn(nodes: string): ClusterLine[] {
  return nodes
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', at = '', flags = '', , , , , , ...slots] = line.split(' ')
      const has = new Set(flags.split(','))
      return {
        id,
        address: at.split(/[@,]/, 1)[0] as string,
        isMyself: has.has('myself'),
        role: has.has('slave') ? 'replica' : 'master',
        state: stateOf(has),
        slots: slots.reduce((sum, range) => sum + sizeOf(range), 0),
      }
    })
}

function stateOf(flags: ReadonlySet<string>): ClusterLine['state'] {
  if (flags.has('fail') || flags.has('noaddr')) return 'down'
  return flags.has('fail?') || flags.has('handshake') ? 'suspected' : 'up'
}

/** `0-5460`, or one slot; what is in brackets is on its way, and counted where it is. */
function sizeOf(range: string): number {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? []
  return first === undefined ? 0 : Number(last) - Number(first) + 1
}
