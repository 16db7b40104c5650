// Which steps of a pipeline use what another one found out. It looks at texts of expressions: a name that means something else there counts too.
import type { PipelinePlan, StepPlan } from './plan.ts'
import { allSteps, blocksOf } from './plan-walk.ts'

/** Steps that name the step's value, or stand in one that does, or name what these found out. */
export function usersOf(
  pipeline: Pick<PipelinePlan, 'steps'>,
  step: StepPlan,
): readonly StepPlan[] {
  const names = new Set([step.id])
  const users = new Set<StepPlan>()
  for (const other of allSteps(pipeline)) {
    if (other.index <= step.index) continue
    const isNamed = textsIn(withoutBlocks(other)).some((text) => isUsed(text, names))
    if (!isNamed && !users.has(other)) continue
    users.add(other)
    names.add(other.id)
    if (other.kind === 'split') names.add(other.as)
    for (const block of blocksOf(other)) for (const inner of allSteps(block)) users.add(inner)
  }
  return [...users]
}

/** Whether an expression names one of them as a value, and not as a field of another. */
export const isUsed = (text: string, names: ReadonlySet<string>): boolean =>
  [...text.matchAll(/(\.\.\.|[\w$.])?(?<![\w$])([A-Za-z_]\w*)/g)].some(
    ([, before, name = '']) => names.has(name) && (before === undefined || before === '...'),
  )

/** What the step itself says. */
function withoutBlocks(step: StepPlan): unknown {
  if (step.kind === 'split') return [step.when, step.over, step.itemId]
  if (step.kind === 'route') return [step.when, step.branches.map(({ when }) => when)]
  return step
}

/** Of all expressions within. */
function textsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'text' && typeof value === 'string' ? [value] : textsIn(value),
  )
}
