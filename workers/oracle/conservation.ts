// Invariant 2: what a process accepted is, at every instant, what it settled, passed on or still has in flight.
import type { History } from './history.ts'
import { Finding, type Verdict } from './verdict.ts'

export function conservation({ happenings }: History): Verdict {
  const finding = new Finding('conservation')
  for (const [at, happening] of happenings.entries()) {
    if (happening.kind !== 'counted') continue
    const { accepted, acked, filtered, deadLettered, duplicates, parked, released, inFlight } =
      happening.counts
    const sum = acked + filtered + deadLettered + duplicates + parked + released + inFlight
    finding.check(
      accepted === sum && inFlight >= 0,
      () => `${happening.process} accepted ${accepted} messages and knows of ${sum}`,
      at,
    )
  }
  return finding.verdict()
}
