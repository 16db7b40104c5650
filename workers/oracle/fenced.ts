// Invariant 6: fenced. A process starts effects, and commits, only for partitions that it holds; and nobody takes a commit back.
import type { History, Promised } from './history.ts'
import { named } from './progress-book.ts'
import { Tenures } from './tenures.ts'
import { Finding, type Verdict } from './verdict.ts'

export function fenced(history: History, { exclusive }: Promised): Verdict {
  const finding = new Finding('fenced')
  const tenures = new Tenures(exclusive)
  /** Where copies of a message stood that had waited for another attempt. */
  const copies = new Map<number, Set<number>>()
  const reached = new Map<number, number>()
  for (const [at, happening] of history.happenings.entries()) {
    const { process } = happening
    tenures.see(happening)
    if (happening.kind === 'returned' && happening.message !== undefined)
      copies.set(
        happening.message,
        (copies.get(happening.message) ?? new Set()).add(happening.partition),
      )
    if (happening.kind === 'committed' && exclusive) {
      const { partition, next } = happening
      finding.check(
        tenures.holds(process, partition),
        () => `${process} committed ${next} of partition ${partition}, and does not hold it`,
        at,
      )
      const before = reached.get(partition) ?? 0
      finding.check(
        next >= before,
        () => `${process} took partition ${partition} back from ${before} to ${next}`,
        at,
      )
      reached.set(partition, next)
    }
    if (happening.kind !== 'began' || happening.message === undefined) continue
    const { message } = happening
    const places = [history.arrivals[message]?.partition ?? -1, ...(copies.get(message) ?? [])]
    finding.check(
      places.some((one) => tenures.holds(process, one)),
      () =>
        `${process} began step ${happening.step} of ${named(history, message)}, and does not hold its partition`,
      at,
    )
  }
  return finding.verdict()
}
