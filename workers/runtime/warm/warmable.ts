// Which cache steps of a pipeline can be warmed: those that need nothing of a call, a request or a window before them.
import type { CacheStepPlan, StepPlan } from '../../core/plan.ts'
import { blocksOf } from '../../core/plan-walk.ts'

/** Their values only the pipeline itself may make. */
const ENDS: ReadonlySet<StepPlan['kind']> = new Set(['call', 'request', 'window'])

export function warmableSteps(steps: readonly StepPlan[]): readonly CacheStepPlan[] {
  const found: CacheStepPlan[] = []
  walk(steps, found)
  return found
}

/** False: what comes after the last one is out of reach. A way of a route that ends so is not taken by every message. */
function walk(steps: readonly StepPlan[], found: CacheStepPlan[]): boolean {
  for (const step of steps) {
    if (ENDS.has(step.kind)) return false
    if (step.kind === 'cache') found.push(step)
    const blocks = blocksOf(step).map((block) => walk(block.steps, found))
    if (blocks.length > 0 && !blocks.includes(true)) return false
  }
  return true
}
