// The ledger of a run on real brokers: every message that its broker took is followed to its one end. Pure: what stands on the brokers
// afterwards comes in, what is wrong comes out. Nothing of it is taken from what a worker says of itself.

/** A message that the source's broker took, and what must become of it. */
export interface Entry {
  readonly id: string
  readonly key: string
  /** Among the messages of its key. */
  readonly place: number
  /** It must end in a dead letter; else it must have its effects. */
  readonly fatal: boolean
  /** Where it has effects; absent: everywhere. */
  readonly sinks?: readonly string[]
}

export interface SeenEffect {
  readonly id: string
  /** Of sinks that have keys. */
  readonly key: string | undefined
}

export interface Seen<Sink extends string> {
  /** By sink, in the order of its broker. */
  readonly effects: ReadonlyMap<Sink, readonly SeenEffect[]>
  readonly letters: readonly { readonly id: string; readonly code: string }[]
  /** Left in source and retry queues, by name: only what is not zero. */
  readonly residue: Readonly<Record<string, number>>
}

export interface Allowed<Sink extends string> {
  /** Messages that may have been done again. */
  readonly repeats: number
  /** Sinks in which first effects of a key must come in the order of the source. */
  readonly ordered: readonly Sink[]
  /** Sinks whose broker was robbed of what it had by the fault itself: nothing is missed there. */
  readonly robbed: readonly Sink[]
}

export interface Account {
  readonly lost: readonly string[]
  readonly invented: readonly string[]
  readonly disordered: readonly string[]
  /** Good messages among the dead letters. */
  readonly wronglyDead: readonly string[]
  readonly residue: Readonly<Record<string, number>>
  /** Messages that were done again: as often as the effect of them that was repeated most. */
  readonly repeats: number
  readonly allowed: number
  /** Effects and letters beyond the first of their message, by sink. */
  readonly beyond: Readonly<Record<string, number>>
  /** The most that one effect of one message happened, by sink. */
  readonly worst: Readonly<Record<string, number>>
}

export function account<Sink extends string>(
  entries: readonly Entry[],
  { effects, letters, residue }: Seen<Sink>,
  { repeats: allowed, ordered, robbed }: Allowed<Sink>,
): Account {
  const known = new Map(entries.map((entry) => [entry.id, entry]))
  const dead = new Set(letters.map(({ id }) => id))
  const lost = entries
    .filter(({ id, fatal }) => fatal && !dead.has(id))
    .map(({ id }) => `letter ${id}`)
  const invented = letters.filter(({ id }) => !known.has(id)).map(({ id }) => `letter ${id}`)
  const disordered: string[] = []
  const again = new Map<string, number>()
  const worst: Record<string, number> = {}
  const beyond: Record<string, number> = {}
  const count = (what: string, all: readonly { readonly id: string }[]) => {
    const times = Map.groupBy(all, ({ id }) => id)
    beyond[what] = all.length - times.size
    for (const [id, same] of times) {
      again.set(id, Math.max(again.get(id) ?? 0, same.length - 1))
      worst[what] = Math.max(worst[what] ?? 0, same.length)
    }
    return times
  }
  count('letter', letters)
  for (const [sink, all] of effects) {
    const times = count(sink, all)
    for (const id of times.keys()) if (!belongs(known.get(id), sink)) invented.push(`${sink} ${id}`)
    if (!robbed.includes(sink))
      for (const entry of entries)
        if (belongs(entry, sink) && !times.has(entry.id) && !dead.has(entry.id))
          lost.push(`${sink} ${entry.id}`)
    if (ordered.includes(sink)) disordered.push(...disorder(sink, all, known))
  }
  const wronglyDead = letters
    .filter(({ id }) => known.get(id)?.fatal === false)
    .map(({ id, code }) => `${id} ${code}`)
  const repeats = [...again.values()].reduce((sum, n) => sum + n, 0)
  return { lost, invented, disordered, wronglyDead, residue, repeats, allowed, beyond, worst }
}

/** It must have an effect there. */
const belongs = (entry: Entry | undefined, sink: string): boolean =>
  entry?.fatal === false && (entry.sinks?.includes(sink) ?? true)

/** First effects that come before one that should have come earlier, or stand under another key. */
function disorder(
  sink: string,
  effects: readonly SeenEffect[],
  known: ReadonlyMap<string, Entry>,
): string[] {
  const latest = new Map<string, number>()
  const seen = new Set<string>()
  const wrong: string[] = []
  for (const { id, key } of effects) {
    const entry = known.get(id)
    if (entry === undefined || seen.has(id)) continue
    seen.add(id)
    const before = latest.get(entry.key) ?? -1
    if (entry.place <= before || (key !== undefined && key !== entry.key))
      wrong.push(`${sink} ${id}: place ${entry.place} of ${entry.key} after ${before}`)
    latest.set(entry.key, Math.max(before, entry.place))
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
