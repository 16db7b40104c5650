// Invariant 8: progress. After the faults fresh messages get through, the pipeline comes to rest, and everything is committed.
import type { History } from './history.ts'
import { named, ProgressBook } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

export function progress(history: History): Verdict {
  const finding = new Finding('progress')
  const book = new ProgressBook(history)
  const reached = new Map<number, number>()
  for (const happening of history.happenings) {
    book.see(happening)
    if (happening.kind === 'committed') reached.set(happening.partition, happening.next)
  }
  finding.check(history.rested, () => 'after the faults the pipeline did not come to rest')
  for (const message of history.fresh)
    finding.check(
      book.isFinished(message),
      () => `${named(history, message)} came after all faults and did not get through`,
    )
  for (const [partition, end] of history.ends)
    finding.check(
      end === 0 || reached.get(partition) === end,
      () =>
        `partition ${partition} ends at ${end} and is committed up to ${reached.get(partition) ?? 0}`,
    )
  return finding.verdict()
}
