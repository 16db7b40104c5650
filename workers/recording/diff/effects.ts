// What two runs of one message led to, held against each other: what is missing, extra, changed, or came in another order.
import stringify from 'safe-stable-stringify'
import type { Effect } from '../line.ts'
import { differences, without, type FieldDifference, type Path } from './fields.ts'

export type EffectDifference =
  | { readonly kind: 'missing' | 'extra'; readonly effect: Effect }
  | {
      readonly kind: 'changed'
      readonly effect: Effect
      readonly fields: readonly FieldDifference[]
    }
  /** Of what goes to one destination under one key. */
  | { readonly kind: 'order'; readonly effect: Effect }

type Ignored = (path: Path) => boolean

export function compareEffects(
  a: readonly Effect[],
  b: readonly Effect[],
  ignored: Ignored,
): EffectDifference[] {
  // Mostly they are the same, to the letter.
  if (JSON.stringify(a) === JSON.stringify(b)) return []
  const others = groups(b)
  const found: EffectDifference[] = []
  for (const [place, mine] of groups(a)) {
    found.push(...compareGroup(mine, others.get(place) ?? [], ignored))
    others.delete(place)
  }
  for (const extra of others.values())
    found.push(...extra.map((effect) => ({ kind: 'extra' as const, effect })))
  return found
}

/** Which step sends something is nobody's concern outside. */
function groups(effects: readonly Effect[]): Map<string, Effect[]> {
  return Map.groupBy(effects, ({ kind, to }) => `${kind} ${to}`)
}

/** What is the same is the same, wherever it stands; the rest is paired by its keys, then by its places. */
function compareGroup(a: readonly Effect[], b: readonly Effect[], ignored: Ignored) {
  const found: EffectDifference[] = []
  const left = new Set(b.keys())
  const same = new Map<Effect, number>()
  const places = Map.groupBy(b.keys(), (at) => textOf(b[at] as Effect, ignored))
  const changed: Effect[] = []
  for (const effect of a) {
    const at = places.get(textOf(effect, ignored))?.shift()
    if (at === undefined) changed.push(effect)
    else {
      same.set(effect, at)
      left.delete(at)
    }
  }
  const unpaired: Effect[] = []
  const pair = (effect: Effect, at: number) => {
    left.delete(at)
    const fields = differences(told(effect), told(b[at] as Effect), ignored)
    found.push({ kind: 'changed', effect, fields })
  }
  for (const effect of changed) {
    const at = [...left].find((place) => b[place]?.key === effect.key && effect.key !== undefined)
    if (at === undefined) unpaired.push(effect)
    else pair(effect, at)
  }
  for (const effect of unpaired) {
    const [at] = left
    if (at === undefined) found.push({ kind: 'missing', effect })
    else pair(effect, at)
  }
  for (const at of left) found.push({ kind: 'extra', effect: b[at] as Effect })
  return [...found, ...reordered(same)]
}

/** Once for each key. */
function reordered(same: ReadonlyMap<Effect, number>): EffectDifference[] {
  const last = new Map<string | undefined, number>()
  const told = new Map<string | undefined, Effect>()
  for (const [effect, at] of same) {
    if (at < (last.get(effect.key) ?? -1)) {
      if (!told.has(effect.key)) told.set(effect.key, effect)
    } else last.set(effect.key, at)
  }
  return [...told.values()].map((effect) => ({ kind: 'order', effect }))
}

/** What its receiver gets. */
function told({ kind: _kind, to: _to, step: _step, item: _item, ...rest }: Effect) {
  return rest
}

const textOf = (effect: Effect, ignored: Ignored): string =>
  stringify(without(told(effect), ignored)) ?? ''
