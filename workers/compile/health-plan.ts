// Plans thresholds of health; one that is never reached is refused.
import type { HealthPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { HEALTH } from './grammar/operations.ts'
import type { Written } from './grammar/parts.ts'
import { milliseconds } from './units.ts'
import type { YamlFile } from './yaml-file.ts'

export function planHealth(
  file: YamlFile | undefined,
  { within, latency, memory, depth, lag, hits, rebalances }: Written<typeof HEALTH>,
  out: Diagnostics,
): HealthPlan {
  const plan = {
    withinMs: milliseconds(within),
    latencyMs: { warn: milliseconds(latency.warn), fail: milliseconds(latency.fail) },
    memoryPercent: memory,
    depth: { warn: depth.warn, fail: depth.fail },
    lag: { warn: lag.warn, fail: lag.fail },
    hitPercent: { warn: hits.warn, fail: hits.fail },
    rebalances: { warn: rebalances.warn, fail: rebalances.fail },
  }
  if (file === undefined) return plan
  const inOrder = (field: string, { warn, fail }: { warn: number; fail?: number | undefined }) => {
    if (fail !== undefined && warn >= fail)
      refuse(file, [field], `"${field}" fails before it warns`, 'let warn be below fail', out)
  }
  inOrder('latency', plan.latencyMs)
  inOrder('memory', memory)
  inOrder('depth', plan.depth)
  inOrder('lag', plan.lag)
  inOrder('rebalances', plan.rebalances)
  if (hits.fail !== undefined && hits.fail >= hits.warn)
    refuse(file, ['hits'], '"hits" fails before it warns', 'let fail be below warn', out)
  if (plan.latencyMs.fail >= plan.withinMs)
    refuse(
      file,
      file.scalar(['health', 'latency', 'fail']) !== undefined ? ['latency', 'fail'] : ['within'],
      `a broker that takes ${latency.fail} has failed already: "within" is ${within}`,
      'let latency.fail be below within',
      out,
    )
  return plan
}

function refuse(
  file: YamlFile,
  path: readonly string[],
  message: string,
  hint: string,
  out: Diagnostics,
): void {
  out.error('SLU0220', file.at(['health', ...path]), message, hint)
}
