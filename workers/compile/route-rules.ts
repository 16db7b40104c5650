// Branches of a route that no message can take: conditions that are known to be false, or to hold for all that is left.
import { parseExpressionAt, type AnyNode } from 'acorn'
import type { ExpressionPlan, RouteStepPlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import type { Path } from './yaml-file.ts'

export function branchesAreReached(planned: PlannedPipeline, _fleet: unknown, out: Diagnostics) {
  for (const step of allSteps(planned.plan)) if (step.kind === 'route') check(step, planned, out)
}

/** What follows a branch that takes everything is unreachable as well, and is mended with it. */
function check(
  { id, index, branches }: RouteStepPlan,
  { file, places, written }: PlannedPipeline,
  out: Diagnostics,
): void {
  for (const [at, { when }] of branches.entries()) {
    if (!written.has(when)) continue
    const place = file.at([...(places[index] as Path), 'route', 'branches', at, 'when'])
    const value = constant(when.text)
    if (value === true) {
      const message = `this branch of "${id}" takes every message that comes to it`
      out.error('SLU0535', place, message, 'put its steps under otherwise, or mend the condition')
      return
    }
    if (value === false) {
      const message = `no message takes this branch of "${id}"`
      out.error('SLU0535', place, message, 'remove the branch, or mend the condition')
    } else if (isRepeated(when, branches)) {
      const message = `no message takes this branch of "${id}": an earlier one has the same condition`
      out.error('SLU0535', place, message, 'let the conditions differ, or make one branch of both')
    }
  }
}

/** Whether an earlier branch has the same condition, word for word. */
export function isRepeated(when: ExpressionPlan, branches: RouteStepPlan['branches']): boolean {
  const said = ({ text }: ExpressionPlan) => text.replace(/\s+/g, ' ').trim()
  const first = branches.find((branch) => said(branch.when) === said(when))
  return first !== undefined && first.when !== when
}

/** Of an expression that is the same for every message. */
function constant(text: string): boolean | undefined {
  const valueOf = (node: AnyNode): boolean | undefined => {
    if (node.type === 'Literal') return Boolean(node.value)
    if (node.type === 'UnaryExpression' && node.operator === '!') {
      const value = valueOf(node.argument)
      return value === undefined ? undefined : !value
    }
    if (node.type !== 'LogicalExpression' || node.operator === '??') return undefined
    const decides = node.operator === '||'
    const sides = [valueOf(node.left), valueOf(node.right)]
    if (sides.includes(decides)) return decides
    return sides.includes(undefined) ? undefined : !decides
  }
  return valueOf(parseExpressionAt(text, 0, { ecmaVersion: 'latest' }))
}
