// Invariant 11: input is hostile. A message that is no good has no effect and becomes a dead letter, and that is all it does.
import type { History } from './history.ts'
import { named, ProgressBook } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

export function hostile(history: History): Verdict {
  const finding = new Finding('hostile')
  const book = new ProgressBook(history)
  const effects = new Set<number>()
  for (const happening of history.happenings) {
    book.see(happening)
    if (happening.kind === 'effect' && happening.message !== undefined)
      effects.add(happening.message)
  }
  for (const message of history.hostile) {
    finding.check(
      history.outcomes[message]?.letter !== undefined && book.isFinished(message),
      () => `${named(history, message)} is no good and vanished`,
    )
    finding.check(
      !effects.has(message),
      () => `${named(history, message)} is no good and had an effect`,
    )
  }
  return finding.verdict()
}
