// Invariant 4: bounded. No process holds more than its window, and what a fault makes happen again is bounded by the concurrency.
import type { History, Promised } from './history.ts'
import { Finding, type Verdict } from './verdict.ts'

export function bounded(history: History, promised: Promised): Verdict {
  const finding = new Finding('bounded')
  const times = new Map<string, number>()
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
    // Whoever is killed or loses its lanes leaves work of which nobody knows how far it came; whoever drains may cut off what is at work.
    if (happening.kind === 'killed') allowed += 2 * promised.concurrency
    if (happening.kind === 'gone') allowed += (happening.drained ? 1 : 2) * promised.concurrency
    if (happening.kind === 'doubted') allowed++
    if (happening.kind !== 'effect') continue
    const effect = `${happening.message} ${happening.step}`
    const before = times.get(effect) ?? 0
    times.set(effect, before + 1)
    if (before > 0) repeats++
    // A message with several effects repeats all of them.
    finding.check(
      repeats <= allowed * stepsOf(history, happening.message),
      () => `${repeats} effects were repeated, and the faults so far explain ${allowed}`,
      at,
    )
  }
  return finding.verdict()
}

const stepsOf = ({ outcomes }: History, message: number | undefined) =>
  Math.max(1, outcomes[message ?? -1]?.effects.length ?? 1)
