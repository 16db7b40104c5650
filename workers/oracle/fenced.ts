// Invariant 6: fenced. A process starts effects only for messages of partitions that it holds.
import type { History } from './history.ts'
import { named } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

export function fenced(history: History): Verdict {
  const finding = new Finding('fenced')
  const held = new Map<string, Set<number>>()
  /** Where copies of a message stood that had waited for another attempt. */
  const copies = new Map<number, Set<number>>()
  for (const [at, happening] of history.happenings.entries()) {
    const { process } = happening
    const own = held.get(process) ?? new Set()
    held.set(process, own)
    if (happening.kind === 'granted') for (const one of happening.partitions) own.add(one)
    if (happening.kind === 'gone') for (const one of happening.partitions) own.delete(one)
    if (happening.kind === 'killed') own.clear()
    if (happening.kind === 'returned' && happening.message !== undefined)
      copies.set(
        happening.message,
        (copies.get(happening.message) ?? new Set()).add(happening.partition),
      )
    if (happening.kind !== 'began' || happening.message === undefined) continue
    const { message } = happening
    const partition = history.arrivals[message]?.partition ?? -1
    finding.check(
      own.has(partition) || [...(copies.get(message) ?? [])].some((one) => own.has(one)),
      () =>
        `${process} began step ${happening.step} of ${named(history, message)}, and does not hold its partition`,
      at,
    )
  }
  return finding.verdict()
}
