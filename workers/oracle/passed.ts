// Which messages each commit settles: those whose offsets it is the first to pass, or to note as finished.
import type { History } from './history.ts'

/** Numbers of messages, by the place of the commit in the list of happenings. */
export function passedBy(history: History): ReadonlyMap<number, readonly number[]> {
  const numbers = new Map(
    history.arrivals.map(({ partition, offset }, number) => [`${partition}/${offset}`, number]),
  )
  const seen = new Set<number>()
  const reached = new Map<number, number>()
  const passed = new Map<number, number[]>()
  for (const [at, happening] of history.happenings.entries()) {
    if (happening.kind !== 'committed') continue
    const { partition, next, finished } = happening
    const here: number[] = []
    const from = reached.get(partition) ?? 0
    for (const [least, end] of [[from, next] as const, ...finished])
      for (let offset = least; offset < end; offset++) {
        const message = numbers.get(`${partition}/${offset}`)
        if (message === undefined || seen.has(message)) continue
        seen.add(message)
        here.push(message)
      }
    reached.set(partition, Math.max(next, from))
    passed.set(at, here)
  }
  return passed
}
