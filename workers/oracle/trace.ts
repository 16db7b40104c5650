// Invariant 10: a trace never breaks. Whatever a message leads to carries the trace of that message.
import type { History } from './history.ts'
import { Finding, type Verdict } from './verdict.ts'

export function trace({ happenings, arrivals }: History): Verdict {
  const finding = new Finding('trace')
  for (const [at, happening] of happenings.entries())
    if (happening.kind === 'effect' || happening.kind === 'letter') {
      const what =
        happening.kind === 'effect' ? `an effect of step ${happening.step}` : 'a dead letter'
      finding.check(
        happening.message !== undefined && happening.message in arrivals,
        () => `${what} of ${happening.process} carries the trace of no message`,
        at,
      )
    }
  return finding.verdict()
}
