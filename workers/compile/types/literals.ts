// Holds what is written out in a body to what its schema says beyond types: lengths, limits, patterns, formats.
import type { AnyNode } from 'acorn'
import { validatorAt } from '../schemas.ts'
import type { FleetSources } from '../compile.ts'
import type { Diagnostics } from '../diagnostics.ts'
import { placeIn } from '../expression/place.ts'
import type { PlannedPipeline } from '../pipeline-plan.ts'
import { Anatomy, keyOf } from './anatomy.ts'
import { destinationOf } from './destinations.ts'
import { isSchema, resolve, type Schema } from './schema-names.ts'

export function checkLiterals(
  pipeline: PlannedPipeline,
  sources: FleetSources,
  out: Diagnostics,
): void {
  const { plan, written, file } = pipeline
  for (const step of plan.steps) {
    if (step.kind !== 'command' && step.kind !== 'event') continue
    const { schema } = destinationOf(step, sources.fleet)
    const root = schema === undefined ? undefined : sources.schemas[schema]
    const path = written.get(step.body)
    if (!isSchema(root) || path === undefined) continue
    const { root: tree } = new Anatomy(step.body.text)
    if (tree === undefined) continue
    for (const { node, pointer, value, field } of literals(tree, root)) {
      const problem = validatorAt(root, pointer)(value)
      if (problem === undefined) continue
      const place = placeIn(file, path, node.start, node.end)
      const message = `"${field}" ${problem}, and is ${JSON.stringify(value).slice(0, 60)}`
      out.error('SLU0340', place, message, `schemas/${schema}.json says what it may be`)
    }
  }
}

interface Literal {
  readonly node: AnyNode
  /** Of its schema. */
  readonly pointer: string
  readonly value: unknown
  readonly field: string
}

/** Those at places that the schema knows without a doubt: alternatives are for TypeScript. */
function literals(tree: AnyNode, root: Schema): Literal[] {
  const found: Literal[] = []
  const visit = (node: AnyNode, pointer: string, field: string): void => {
    const reference = resolve(root, pointer)
    if (!isSchema(reference)) return
    const $ref = reference['$ref']
    if (typeof $ref === 'string') {
      if (pointer !== $ref && field.length < 1_000) visit(node, $ref, field)
      return
    }
    switch (node.type) {
      case 'ConditionalExpression':
        visit(node.consequent, pointer, field)
        visit(node.alternate, pointer, field)
        return
      case 'LogicalExpression':
        visit(node.right, pointer, field)
        if (node.operator !== '&&') visit(node.left, pointer, field)
        return
      case 'ArrayExpression':
        for (const element of node.elements)
          if (element !== null) visit(element, `${pointer}/items`, `${field}[]`)
        return
      case 'ObjectExpression':
        for (const property of node.properties) {
          if (property.type !== 'Property') continue
          const key = keyOf(property.key)
          const below = `${pointer}/properties/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
          visit(property.value, below, field === '' ? key : `${field}.${key}`)
        }
        return
      default: {
        const value = valueOf(node)
        if (value !== undefined) found.push({ node, pointer, value, field })
      }
    }
  }
  visit(tree, '#', '')
  return found
}

function valueOf(node: AnyNode): unknown {
  if (node.type === 'Literal') return node.value
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined
  if (node.type !== 'UnaryExpression' || node.operator !== '-') return undefined
  const value = valueOf(node.argument)
  return typeof value === 'number' ? -value : undefined
}
