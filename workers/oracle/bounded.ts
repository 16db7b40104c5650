// Invariant 4: bounded. No process holds more than its window, and what a fault makes happen again is bounded by the concurrency.
import { effectText, type History, type Promised } from './history.ts'
import { repeatsBy, Tenures } from './tenures.ts'
import { Finding, type Verdict } from './verdict.ts'

export function bounded(history: History, promised: Promised): Verdict {
  const finding = new Finding('bounded')
  const times = new Map<string, number>()
  /** How often each message was done again: as often as the effect of it that was repeated most. */
  const again = new Map<number | undefined, number>()
  const tenures = new Tenures(promised.exclusive)
  let repeats = 0
  let allowed = 0
  for (const [at, happening] of history.happenings.entries()) {
    if (happening.kind === 'counted')
      finding.check(
        happening.counts.inFlight <= promised.window,
        () =>
          `${happening.process} holds ${happening.counts.inFlight} messages, and its window is ${promised.window}`,
        at,
      )
    allowed += repeatsBy(tenures, happening, promised.concurrency)
    if (happening.kind !== 'effect') continue
    const { message } = happening
    const effect = `${message} ${effectText(happening)}`
    const before = times.get(effect) ?? 0
    times.set(effect, before + 1)
    if (before > (again.get(message) ?? 0)) {
      again.set(message, before)
      repeats++
    }
    finding.check(
      repeats <= allowed,
      () => `${repeats} messages were done again, and the faults so far explain ${allowed}`,
      at,
    )
  }
  return finding.verdict()
}
