// Looks at a Redis Cluster node by node, so that it can be seen while it serves nothing; reads no key.
import type { DriverContext } from '../../core/contract.ts'
import type {
  RedisFacts,
  RedisInspector,
  RedisNodeFacts,
  RedisServerFacts,
} from '../../core/facts.ts'
import { notACluster } from './errors.ts'
import { fieldsIn, linesIn, serverFacts, versionIn, type ClusterLine } from './info.ts'
import { redisInspection } from './inspection.ts'
import { addressOf, nameOf, type RedisClusterSettings, type RedisEndpoint } from './settings.ts'

/** Nodes that are not named are asked with what is left of the time. */
const FIRST_SHARE = 0.6

interface Answer {
  readonly address: string
  readonly latencyMs: number
  readonly info: string
  /** Undefined of a server that is no node of any cluster. */
  readonly member: { readonly ok: boolean; readonly lines: readonly ClusterLine[] } | undefined
}

export function createClusterInspector(
  settings: RedisClusterSettings,
  context: DriverContext,
): RedisInspector {
  const place = { settings, origin: context.origin }
  const { clock } = context.world
  const looks = new Map<string, ReturnType<typeof redisInspection>>()
  const lookAt = (endpoint: RedisEndpoint) => {
    const address = addressOf(endpoint)
    const known =
      looks.get(address) ??
      redisInspection({ ...endpoint, password: settings.password }, context, { isNode: true })
    looks.set(address, known)
    return known
  }

  function ask(endpoint: RedisEndpoint, withinMs: number): Promise<Answer> {
    const { inspection, latency } = lookAt(endpoint)
    return inspection.ask(withinMs, async (link) => {
      const latencyMs = await latency(link)
      const info = await link.run('INFO', (client) => client.info())
      const address = addressOf(endpoint)
      if (fieldsIn(info).get('cluster_enabled') !== '1')
        return { address, latencyMs, info, member: undefined }
      const [state, nodes] = await link.run('CLUSTER', (client) =>
        Promise.all([client.cluster('INFO'), client.cluster('NODES')]),
      )
      const ok = fieldsIn(state).get('cluster_state') === 'ok'
      return { address, latencyMs, info, member: { ok, lines: linesIn(String(nodes)) } }
    })
  }

  return {
    target: nameOf(place),
    driver: 'redis',
    async look(_wanted, withinMs) {
      const from = clock.monotonic()
      const named = await Promise.allSettled(
        settings.cluster.map((endpoint) => ask(endpoint, withinMs * FIRST_SHARE)),
      )
      const answers = named.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      const seen = answers.find(({ member }) => member !== undefined)?.member?.lines
      if (seen === undefined) {
        for (const one of named) if (one.status === 'rejected') throw one.reason
        throw notACluster(place)
      }
      const known = new Set(answers.map(idOf))
      const others = seen.filter(
        ({ id, role, state }) => !known.has(id) && role === 'master' && state !== 'down',
      )
      const leftMs = Math.max(1, withinMs - (clock.monotonic() - from))
      const more = await Promise.allSettled(
        others.map(({ address }) => ask(endpointOf(address), leftMs)),
      )
      const all = [
        ...answers,
        ...more.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
      ]
      return factsOf(seen, all)
    },
    async close() {
      await Promise.all([...looks.values()].map(({ inspection }) => inspection.close()))
    },
  }
}

const idOf = ({ member }: Answer): string | undefined =>
  member?.lines.find(({ isMyself }) => isMyself)?.id

function endpointOf(address: string): RedisEndpoint {
  const at = address.lastIndexOf(':')
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) }
}

function factsOf(seen: readonly ClusterLine[], answers: readonly Answer[]): RedisFacts {
  const ids = new Set(seen.map(({ id }) => id))
  const byId = new Map(answers.map((answer) => [idOf(answer), answer]))
  const nodes = seen.map(({ id, address, role, state, slots }): RedisNodeFacts => {
    const answer = byId.get(id)
    const isSilent = answer === undefined && role === 'master' && state === 'up'
    const server = answer === undefined || role === 'replica' ? null : serverFacts(answer.info)
    return { address, role, state: isSilent ? 'suspected' : state, slots, server }
  })
  const members = answers.filter((answer) => ids.has(idOf(answer) ?? ''))
  const replicas = nodes.filter(({ role }) => role === 'replica').length
  return {
    version: members[0] === undefined ? null : versionIn(members[0].info),
    latencyMs: Math.max(...members.map(({ latencyMs }) => latencyMs)),
    ...together(
      nodes.flatMap(({ server }) => server ?? []),
      replicas,
    ),
    shards: {
      ok: members.every(({ member }) => member?.ok === true),
      slotsServed: nodes.reduce((sum, { state, slots }) => sum + (state === 'down' ? 0 : slots), 0),
      nodes,
      strangers: answers.filter((one) => !ids.has(idOf(one) ?? '')).map(({ address }) => address),
    },
  }
}

const uptimeOf = ({ uptimeSeconds }: RedisServerFacts) => uptimeSeconds

function together(masters: readonly RedisServerFacts[], replicas: number): RedisServerFacts {
  const sum = (of: (server: RedisServerFacts) => number) =>
    masters.reduce((so, server) => so + of(server), 0)
  const limits = masters.map(({ memory }) => memory.limitBytes)
  return {
    uptimeSeconds: masters.length === 0 ? 0 : Math.min(...masters.map(uptimeOf)),
    clients: sum(({ clients }) => clients),
    memory: {
      usedBytes: sum(({ memory }) => memory.usedBytes),
      limitBytes: limits.includes(null) ? null : sum(({ memory }) => memory.limitBytes ?? 0),
      policy: [...new Set(masters.map(({ memory }) => memory.policy))].join(', '),
    },
    persistence: {
      appendOnly: masters.every(({ persistence }) => persistence.appendOnly),
      lastWriteOk: masters.every(({ persistence }) => persistence.lastWriteOk),
      loading: masters.some(({ persistence }) => persistence.loading),
    },
    cluster: { enabled: true, role: 'master', replicas },
    keyspace: {
      hits: sum(({ keyspace }) => keyspace.hits),
      misses: sum(({ keyspace }) => keyspace.misses),
      evicted: sum(({ keyspace }) => keyspace.evicted),
    },
  }
}
