// Invariant 5: known failure. A message ends in a dead letter exactly when its own failure says so, with that code, whatever is away meanwhile.
import type { History } from './history.ts'
import { named } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

export function failure(history: History): Verdict {
  const finding = new Finding('failure')
  for (const [at, happening] of history.happenings.entries()) {
    if (happening.kind !== 'letter' || happening.message === undefined) continue
    const { message, code } = happening
    const wanted = history.outcomes[message]?.letter
    finding.check(
      code === wanted,
      () =>
        wanted === undefined
          ? `${named(history, message)} is good and became a dead letter ${code}`
          : `${named(history, message)} became a dead letter ${code}, and must become one with ${wanted}`,
      at,
    )
  }
  return finding.verdict()
}
