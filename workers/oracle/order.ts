// Invariant 3: the first effects of each step happen in the order of the source, within a key or a partition as the pipeline promises.
import { effectText, type Arrival, type Effect, type History, type Promised } from './history.ts'
import { named } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

/** The message of a chain whose effect came first, last of all, and which of its items that was for. */
interface Latest {
  readonly message: number
  readonly rank: number
}

export function order(history: History, promised: Promised): Verdict {
  const finding = new Finding('order')
  const seen = new Set<string>()
  const latest = new Map<string, Latest>()
  for (const [at, happening] of history.happenings.entries()) {
    if (happening.kind !== 'effect' || happening.message === undefined) continue
    const { message, step } = happening
    const arrival = history.arrivals[message]
    const chain = arrival === undefined ? undefined : chainOf(arrival, promised)
    const effect = effectText(happening)
    if (arrival === undefined || chain === undefined || seen.has(`${message} ${effect}`)) continue
    seen.add(`${message} ${effect}`)
    const place = `${step} ${chain}`
    const before = latest.get(place)
    const rank = rankOf(history, message, happening)
    finding.check(
      before === undefined ||
        (history.arrivals[before.message]?.offset ?? 0) < arrival.offset ||
        (before.message === message && before.rank < rank),
      () =>
        before?.message === message
          ? `step ${step}: ${named(history, message)} did its items in another order, ${effect} after a later one`
          : `step ${step}: ${named(history, message)} came after ${named(history, before?.message ?? -1)}`,
      at,
    )
    latest.set(place, { message, rank })
  }
  return finding.verdict()
}

/** The place among the effects that the message must have. */
const rankOf = ({ outcomes }: History, message: number, effect: Effect): number =>
  outcomes[message]?.effects.findIndex((one) => effectText(one) === effectText(effect)) ?? -1

/** Undefined: it waits for nobody. */
function chainOf({ partition, key }: Arrival, { order: promise }: Promised): string | undefined {
  if (promise === 'none' || (promise === 'key' && key === null)) return undefined
  return promise === 'partition' ? `${partition}` : `${partition} ${key}`
}
