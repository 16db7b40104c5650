// Which faults a schedule meets, and when; drawn from its seed.
import type { FleetPlan } from '../core/plan.ts'
import type { Chance } from './chance.ts'

/** Kinds that can be asked for by name. */
export const FAULTS = [
  'crash',
  'rebalance',
  'sigterm',
  'outage',
  'wire',
  'handler',
  'duplicate',
  'poison',
] as const
export type FaultKind = (typeof FAULTS)[number]

export type PlannedFault =
  | { readonly kind: 'crash' | 'sigterm'; readonly atMs: number; readonly backMs: number }
  /** A second process joins, and leaves again. */
  | { readonly kind: 'rebalance'; readonly atMs: number; readonly forMs: number }
  | {
      readonly kind: 'outage'
      readonly atMs: number
      readonly forMs: number
      readonly connection: string
    }

/** `withinMs`: when the last one begins. */
export function planFaults(
  kinds: ReadonlySet<FaultKind>,
  { connections }: FleetPlan,
  chance: Chance,
  withinMs: number,
): PlannedFault[] {
  const faults: PlannedFault[] = []
  const at = () => chance.between(0, withinMs)
  const times = (most: number) => Array.from({ length: chance.between(0, most) })
  if (kinds.has('crash'))
    for (const _ of times(3))
      faults.push({ kind: 'crash', atMs: at(), backMs: chance.between(1, 8_000) })
  if (kinds.has('sigterm'))
    for (const _ of times(1))
      faults.push({ kind: 'sigterm', atMs: at(), backMs: chance.between(1, 3_000) })
  if (kinds.has('rebalance'))
    for (const _ of times(2))
      faults.push({ kind: 'rebalance', atMs: at(), forMs: chance.between(1, 2_000) })
  const [first, ...others] = Object.keys(connections)
  if (kinds.has('outage') && first !== undefined)
    for (const _ of times(2))
      faults.push({
        kind: 'outage',
        atMs: at(),
        forMs: chance.between(1, 12_000),
        connection: chance.pick([first, ...others]),
      })
  return faults
}
