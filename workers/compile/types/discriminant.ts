// Finds the one field by whose values conditions tell messages apart.
import type { AnyNode } from 'acorn'
import type { ExpressionPlan } from '../../core/plan.ts'
import { Anatomy } from './anatomy.ts'

/** `event.data.kind` of `event.data.kind === 'a'` and `event.data.kind === 'b' || …`; undefined where a condition says anything else. */
export function discriminantOf(conditions: readonly ExpressionPlan[]): string | undefined {
  const fields = new Set(conditions.flatMap(({ text }) => comparedIn(text)))
  const [field] = fields
  return fields.size === 1 ? field : undefined
}

function comparedIn(text: string): (string | undefined)[] {
  const anatomy = new Anatomy(text)
  const compared = (node: AnyNode): (string | undefined)[] => {
    if (node.type === 'LogicalExpression' && node.operator === '||')
      return [...compared(node.left), ...compared(node.right)]
    if (node.type !== 'BinaryExpression' || node.operator !== '===') return [undefined]
    const [field, value] =
      node.left.type === 'Literal' ? [node.right, node.left] : [node.left, node.right]
    const source = anatomy.source(field)
    return [value.type === 'Literal' && /^[\w.]+$/.test(source) ? source : undefined]
  }
  return anatomy.root === undefined ? [undefined] : compared(anatomy.root)
}
