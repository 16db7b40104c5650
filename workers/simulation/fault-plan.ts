// Which faults there are, and which of those that come by the clock a schedule meets; drawn from its seed, each kind by itself.
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { cachesOf } from '../runtime/counts.ts'
import { allSteps } from '../core/plan-walk.ts'
import { connectionOf, connectionsOf } from '../runtime/connections.ts'
import { sourcePlan } from '../core/source-plan.ts'
import { chanceOf, type Chance } from './chance.ts'

/** Kinds by the names in which they are asked for and counted. */
export const FAULTS = [
  // To processes.
  'crash',
  'crash-midway',
  'sigterm',
  'rebalance',
  'revoke',
  'cut',
  'clock-jump',
  // To brokers, and on the way there and back.
  'outage',
  'cache-down',
  'cache-flush',
  'refusal',
  'timeout',
  'late-confirm',
  'lost-confirm',
  // In handlers and messages.
  'handler-slow',
  'handler-hang',
  'handler-error',
  'handler-permanent',
  'poison',
  'duplicate',
  'malformed',
] as const
export type FaultKind = (typeof FAULTS)[number]

/** Of what happened, by the name under which it did: `refusal@17.3`, `crash:2`, `malformed`. */
export const kindOf = (id: string): string => /^[a-z-]+/.exec(id)?.[0] ?? id

/** `crash:2`: the same in every run of a seed, whichever others are left out. */
interface Planned {
  readonly id: string
  readonly atMs: number
}
export type PlannedFault = Planned &
  (
    | { readonly kind: 'crash' | 'sigterm'; readonly backMs: number }
    /** A second process joins, and leaves again. */
    | { readonly kind: 'rebalance'; readonly forMs: number }
    /** What a process holds is taken away while it is at work. */
    | { readonly kind: 'revoke' }
    /** One process alone cannot reach a broker, while the others can. */
    | { readonly kind: 'cut'; readonly forMs: number; readonly connection: string }
    | {
        readonly kind: 'outage' | 'cache-down'
        readonly forMs: number
        readonly connection: string
      }
    | { readonly kind: 'cache-flush'; readonly connection: string }
    /** The wall clock alone: the monotonic one never jumps. */
    | { readonly kind: 'clock-jump'; readonly byMs: number }
  )

type Drawn<Fault> = Fault extends PlannedFault ? Omit<Fault, 'id' | 'atMs'> : never

const MINUTE = 60_000
const JUMPS = [-10 * MINUTE, -30_000, -500, 500, 30_000, 10 * MINUTE] as const

export interface PlanParts {
  readonly plan: FleetPlan
  readonly pipeline: PipelinePlan
  readonly seed: number
  readonly faults: ReadonlySet<FaultKind>
  /** When the last one begins. */
  readonly withinMs: number
}

export function planFaults(parts: PlanParts): PlannedFault[] {
  const { plan, pipeline, seed, faults, withinMs } = parts
  const connections = connectionsUsed(plan, pipeline)
  const source = sourcePlan(plan, pipeline.from)?.connection ?? ''
  const caches = cachesUsed(plan, pipeline)
  const planned: PlannedFault[] = []
  const some = (kind: FaultKind, most: number, draw: (chance: Chance) => Drawn<PlannedFault>) => {
    if (!faults.has(kind)) return
    const chance = chanceOf(seed, kind)
    const times = chance.between(0, most)
    for (let n = 1; n <= times; n++)
      planned.push({ id: `${kind}:${n}`, atMs: chance.between(0, withinMs), ...draw(chance) })
  }
  const from = (names: readonly string[], chance: Chance) =>
    names[chance.between(0, names.length - 1)] ?? ''
  some('crash', 2, (chance) => ({ kind: 'crash', backMs: chance.between(1, 8_000) }))
  some('sigterm', 1, (chance) => ({ kind: 'sigterm', backMs: chance.between(1, 3_000) }))
  some('rebalance', 2, (chance) => ({ kind: 'rebalance', forMs: chance.between(1, 9_000) }))
  some('revoke', 1, () => ({ kind: 'revoke' }))
  some('cut', 1, (chance) => ({
    kind: 'cut',
    forMs: chance.between(1, 12_000),
    connection: chance.happens(0.7) ? source : from(connections, chance),
  }))
  some('clock-jump', 1, (chance) => ({ kind: 'clock-jump', byMs: chance.pick([...JUMPS]) }))
  some('outage', 2, (chance) => ({
    kind: 'outage',
    forMs: chance.between(1, 12_000),
    connection: from(connections, chance),
  }))
  if (caches.length === 0) return planned
  some('cache-down', 1, (chance) => ({
    kind: 'cache-down',
    forMs: chance.between(1, 5_000),
    connection: from(caches, chance),
  }))
  some('cache-flush', 2, (chance) => ({ kind: 'cache-flush', connection: from(caches, chance) }))
  return planned
}

function connectionsUsed(plan: FleetPlan, pipeline: PipelinePlan): string[] {
  const { required, optional } = connectionsOf(plan, pipeline)
  return [...new Set([...required, ...optional].map(connectionOf))]
}

function cachesUsed({ caches }: FleetPlan, pipeline: PipelinePlan): string[] {
  const names = allSteps(pipeline).flatMap(cachesOf)
  return [...new Set(names.flatMap((name) => caches[name]?.connection ?? []))]
}
