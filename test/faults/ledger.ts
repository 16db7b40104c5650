// The ledger of one scenario: every item that its broker took is followed to its one end. Pure: what was seen comes in, what is wrong comes out.
import type { Line, SinkName } from './stage/line.ts'
import type { Item } from './stage/load.ts'
import type { SeenEffect } from './stage/views.ts'

export interface Seen {
  /** By sink, in the order of their broker. */
  readonly effects: ReadonlyMap<Exclude<SinkName, 'cache'>, readonly SeenEffect[]>
  readonly letters: readonly { readonly id: string; readonly code: string }[]
  /** Left in source and retry queues, by name: only what is not zero. */
  readonly residue: Readonly<Record<string, number>>
}

export interface Allowed {
  /** Messages that may have been done again. */
  readonly repeats: number
  /** Sinks whose broker was robbed of what it had by the fault itself: nothing is missed there. */
  readonly robbed?: readonly SinkName[]
}

export interface Account {
  readonly lost: readonly string[]
  readonly invented: readonly string[]
  readonly disordered: readonly string[]
  /** Good items among the dead letters, and items with both ends. */
  readonly wronglyDead: readonly string[]
  readonly residue: Readonly<Record<string, number>>
  /** Messages that were done again: as often as the effect of them that was repeated most. */
  readonly repeats: number
  readonly allowed: number
  /** The most that one effect of one item happened, by sink. */
  readonly worst: Readonly<Record<string, number>>
  readonly holds: boolean
}

export function account(line: Line, items: readonly Item[], seen: Seen, allowed: Allowed): Account {
  const known = new Map(items.map((item) => [item.id, item]))
  const dead = new Set(seen.letters.map(({ id }) => id))
  const good = items.filter(({ letter }) => letter === undefined)
  const lost = items.filter(({ id, letter }) => letter !== undefined && !dead.has(id)).map(letterOf)
  const invented = seen.letters.filter(({ id }) => !known.has(id)).map(({ id }) => `letter ${id}`)
  const disordered: string[] = []
  const again = new Map<string, number>()
  const worst: Record<string, number> = {}
  for (const [sink, effects] of seen.effects) {
    const times = Map.groupBy(effects, ({ id }) => id)
    for (const [id, all] of times) {
      const item = known.get(id)
      // Whoever fails between two effects for good has had the first.
      if (item === undefined || item.letter !== undefined) invented.push(`${sink} ${id}`)
      again.set(id, Math.max(again.get(id) ?? 0, all.length - 1))
      worst[sink] = Math.max(worst[sink] ?? 0, all.length)
    }
    if (allowed.robbed?.includes(sink) !== true)
      for (const { id } of good) if (!times.has(id) && !dead.has(id)) lost.push(`${sink} ${id}`)
    if (line.from === 'topic' && (sink === 'event' || sink === 'command'))
      disordered.push(...disorder(sink, effects, known))
  }
  const wronglyDead = seen.letters
    .filter(({ id }) => known.has(id) && known.get(id)?.letter === undefined)
    .map(({ id, code }) => `${id} ${code}`)
  const repeats = [...again.values()].reduce((sum, n) => sum + n, 0)
  const wrong = [lost, invented, disordered, wronglyDead, Object.keys(seen.residue)]
  return {
    lost,
    invented,
    disordered,
    wronglyDead,
    residue: seen.residue,
    repeats,
    allowed: allowed.repeats,
    worst,
    holds: wrong.every((list) => list.length === 0) && repeats <= allowed.repeats,
  }
}

const letterOf = ({ id }: Item) => `letter ${id}`

/** First effects of each key in the order of the source. */
function disorder(
  sink: SinkName,
  effects: readonly SeenEffect[],
  known: ReadonlyMap<string, Item>,
): string[] {
  const latest = new Map<string, number>()
  const seen = new Set<string>()
  const wrong: string[] = []
  for (const { id, key } of effects) {
    const item = known.get(id)
    if (item === undefined || seen.has(id)) continue
    seen.add(id)
    const before = latest.get(item.key) ?? -1
    if (item.place <= before || (key !== undefined && key !== item.key))
      wrong.push(`${sink} ${id}: place ${item.place} of ${item.key} after ${before}`)
    latest.set(item.key, Math.max(before, item.place))
  }
  return wrong
}

/** One line a finding; empty when everything holds. */
export function findings(account: Account): string[] {
  const some = (what: string, list: readonly string[]) =>
    list.length === 0 ? [] : [`${list.length} ${what}: ${list.slice(0, 5).join(', ')}`]
  return [
    ...some('lost', account.lost),
    ...some('invented', account.invented),
    ...some('out of order', account.disordered),
    ...some('good ones among the dead letters', account.wronglyDead),
    ...Object.entries(account.residue).map(([what, n]) => `${n} left in ${what}`),
    ...(account.repeats > account.allowed
      ? [`${account.repeats} messages were done again, and ${account.allowed} may be`]
      : []),
  ]
}
