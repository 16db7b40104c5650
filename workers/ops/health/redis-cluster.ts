// Judges a Redis Cluster: each master as a server of its own, then whether all slots are served and all nodes are there.
import type { RedisServerFacts, RedisShardFacts } from '../../core/facts.ts'
import { fine, worst, wrong, type HealthCheck } from './health.ts'

const SLOTS = 16_384

/** One check of each name: of the masters with the worst answer, by their addresses. */
export function mastersChecks(
  { nodes }: RedisShardFacts,
  ofServer: (server: RedisServerFacts) => readonly HealthCheck[],
): HealthCheck[] {
  const all = nodes.flatMap(({ address, server }) =>
    server === null ? [] : ofServer(server).map((check) => ({ address, check })),
  )
  const names = [...new Set(all.map(({ check }) => check.name))]
  return names.map((name) => merged(all.filter(({ check }) => check.name === name)))
}

type Of = { readonly address: string; readonly check: HealthCheck }

function merged(all: readonly Of[]): HealthCheck {
  const status = worst(all.map(({ check }) => check))
  const found = all.filter(({ check }) => check.status === status)
  const { check } = found[0] as Of
  const details = new Set(found.map((one) => one.check.detail))
  if (status === 'pass' && details.size === 1)
    return { ...check, detail: `${check.detail} (each of ${all.length} masters)` }
  const said = found.map((one) => `${one.address}: ${one.check.detail}`)
  return { ...check, detail: said.join('; ') }
}

export const isWhole = ({ ok, slotsServed }: Pick<RedisShardFacts, 'ok' | 'slotsServed'>) =>
  ok && slotsServed === SLOTS

export function shardChecks({ ok, slotsServed, nodes, strangers }: RedisShardFacts): HealthCheck[] {
  const masters = nodes.filter(({ slots }) => slots > 0).length
  const missing = nodes.filter(({ state }) => state !== 'up')
  return [
    isWhole({ ok, slotsServed })
      ? fine('slots', `all ${SLOTS}, by ${masters} masters`)
      : wrong(
          'slots',
          'fail',
          'SLU1206',
          `${slotsServed} of ${SLOTS} are served${ok ? '' : ', and the cluster takes nothing'}`,
        ),
    missing.length === 0
      ? fine('nodes', `${nodes.length} up`)
      : wrong('nodes', 'warn', 'SLU1207', missing.map(shown).join(', ')),
    ...strangers.map((address) =>
      wrong('named nodes', 'warn', 'SLU1208', `${address} is no node of this cluster`),
    ),
  ]
}

const shown = ({ address, role, state }: RedisShardFacts['nodes'][number]) =>
  `${role} ${address} is ${state}`
