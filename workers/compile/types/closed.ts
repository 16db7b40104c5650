// Which bodies must be looked at for fields too many: TypeScript finds them only where they are written out.
import type { ExpressionPlan } from '../../core/plan.ts'
import { Anatomy } from './anatomy.ts'
import type { Schema } from './schema-names.ts'

/** The schema allows no other fields, and the body is more than an object written out. */
export function isClosed(
  { additionalProperties, patternProperties }: Schema,
  body: ExpressionPlan,
): boolean {
  if (additionalProperties !== false || patternProperties !== undefined) return false
  const { root } = new Anatomy(body.text)
  return (
    root?.type !== 'ObjectExpression' ||
    root.properties.some(({ type }) => type === 'SpreadElement')
  )
}
