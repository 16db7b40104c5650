// Invariant 3: the first effects of each step happen in the order of the source, within a key or a partition as the pipeline promises.
import type { Arrival, History, Promised } from './history.ts'
import { named } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

export function order(history: History, promised: Promised): Verdict {
  const finding = new Finding('order')
  const seen = new Set<string>()
  /** The last message of a chain whose effect came first, by step. */
  const latest = new Map<string, number>()
  for (const [at, happening] of history.happenings.entries()) {
    if (happening.kind !== 'effect' || happening.message === undefined) continue
    const { message, step } = happening
    const arrival = history.arrivals[message]
    const chain = arrival === undefined ? undefined : chainOf(arrival, promised)
    if (arrival === undefined || chain === undefined || seen.has(`${message} ${step}`)) continue
    seen.add(`${message} ${step}`)
    const place = `${step} ${chain}`
    const before = latest.get(place)
    finding.check(
      before === undefined || (history.arrivals[before]?.offset ?? 0) < arrival.offset,
      () => `step ${step}: ${named(history, message)} came after ${named(history, before ?? -1)}`,
      at,
    )
    latest.set(place, message)
  }
  return finding.verdict()
}

/** Undefined: it waits for nobody. */
function chainOf({ partition, key }: Arrival, { order: promise }: Promised): string | undefined {
  if (promise === 'none' || (promise === 'key' && key === null)) return undefined
  return promise === 'partition' ? `${partition}` : `${partition} ${key}`
}
