// Invariant 7: shutdown is not a failure. Whoever is told to stop drains within its deadline, holds nothing then, and dead-letters nothing good.
import type { History, Promised } from './history.ts'
import { named } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

/** For disconnecting and for what waits on a broker, on top of the drain. */
const GRACE_MS = 30_000

export function shutdown(history: History, { drainWithinMs }: Promised): Verdict {
  const finding = new Finding('shutdown')
  const stopping = new Set<string>()
  for (const [at, happening] of history.happenings.entries()) {
    const { process } = happening
    if (happening.kind === 'stopping') stopping.add(process)
    if (happening.kind === 'stopped')
      finding.check(
        happening.tookMs <= drainWithinMs + GRACE_MS,
        () =>
          `${process} took ${happening.tookMs} ms to stop, and may drain for ${drainWithinMs} ms`,
        at,
      )
    if (happening.kind === 'letter' && stopping.has(process) && happening.message !== undefined) {
      const { message } = happening
      finding.check(
        history.outcomes[message]?.letter !== undefined,
        () => `${named(history, message)} became a dead letter while ${process} was stopping`,
        at,
      )
    }
  }
  return finding.verdict()
}
