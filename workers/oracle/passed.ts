// Which messages each commit settles: those whose offsets it is the first to pass, or to note as finished, and of which no copy waits elsewhere.
import type { History } from './history.ts'

/** Numbers of messages, by the place of the commit in the list of happenings. */
export function passedBy(history: History): ReadonlyMap<number, readonly number[]> {
  const numbers = placesOf(history)
  const seen = new Set<string>()
  const reached = new Map<number, number>()
  const passed = new Map<number, number[]>()
  /** Copies that wait for another attempt, beyond those that were passed; the message itself is one more. */
  const copies = new Map<number, number>()
  for (const [at, happening] of history.happenings.entries()) {
    if (happening.kind === 'parked' && happening.message !== undefined)
      copies.set(happening.message, (copies.get(happening.message) ?? 0) + 1)
    if (happening.kind !== 'committed') continue
    const { partition, next, finished } = happening
    const here: number[] = []
    const from = reached.get(partition) ?? 0
    for (const [least, end] of [[from, next] as const, ...finished])
      for (let offset = least; offset < end; offset++) {
        const place = `${partition}/${offset}`
        const message = numbers.get(place)
        if (message === undefined || seen.has(place)) continue
        seen.add(place)
        const left = copies.get(message) ?? 0
        copies.set(message, left - 1)
        if (left <= 0) here.push(message)
      }
    reached.set(partition, Math.max(next, from))
    passed.set(at, here)
  }
  return passed
}

/** Numbers by `partition/offset`, of the source and of what waited for another attempt. */
function placesOf({ arrivals, happenings }: History): Map<string, number> {
  const numbers = new Map(
    arrivals.map(({ partition, offset }, number) => [`${partition}/${offset}`, number]),
  )
  for (const happening of happenings)
    if (happening.kind === 'returned' && happening.message !== undefined)
      numbers.set(`${happening.partition}/${happening.offset}`, happening.message)
  return numbers
}
