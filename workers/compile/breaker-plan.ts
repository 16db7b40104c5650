// Plans the breakers of a fleet, and checks that connections name breakers that are there.
import type { ConnectionPlan } from '../core/plan.ts'
import type { BreakerPlan } from '../core/plan-policies.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { BREAKER } from './grammar/failure.ts'
import type { Written } from './grammar/parts.ts'
import { known } from './names.ts'
import { milliseconds } from './units.ts'
import type { YamlFile } from './yaml-file.ts'

export function planBreakers(
  file: YamlFile | undefined,
  written: Readonly<Record<string, Written<typeof BREAKER>>>,
  connections: Readonly<Record<string, ConnectionPlan>>,
  out: Diagnostics,
): Record<string, BreakerPlan> {
  if (file === undefined) return {}
  const plans = Object.entries(written).map(([name, breaker]): [string, BreakerPlan] => {
    const { window, minimum, failureRate, probes } = breaker
    if (minimum > window)
      out.error(
        'SLU0551',
        file.at(['policies', 'breakers', name, 'minimum']),
        `"minimum" (${minimum}) is above "window" (${window}): so many calls are never looked at`,
        'make it at most as large as the window',
      )
    const openMs = milliseconds(breaker.open)
    const patienceMs = milliseconds(breaker.patience)
    return [name, { name, window, minimum, failureRate, openMs, probes, patienceMs }]
  })
  const names = Object.keys(written)
  for (const { name, kind, breaker } of Object.values(connections))
    known(file, ['connections', name, kind, 'breaker'], 'breaker', breaker, names, 'SLU0213', out)
  return Object.fromEntries(plans)
}
