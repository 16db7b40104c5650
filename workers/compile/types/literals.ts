// Holds what is written out in a body to what its schema says and TypeScript does not: limits, patterns, fields that callbacks make.
import type { AnyNode } from 'acorn'
import type { Check } from '../../core/check.ts'
import { allSteps, sends } from '../../core/plan-walk.ts'
import { partsOf } from '../schemas.ts'
import type { FleetSources } from '../compile.ts'
import type { Diagnostics } from '../diagnostics.ts'
import { placeIn } from '../expression/place.ts'
import { checkedAlerting } from './alerting-module.ts'
import { Anatomy, keyOf, mapped } from './anatomy.ts'
import { destinationOf } from './destinations.ts'
import { listed, nearest } from '../suggest.ts'
import { isSchema, resolve, target, type Schema } from './schema-names.ts'

export function checkLiterals(sources: FleetSources, out: Diagnostics): void {
  const checks = new Map<string, (pointer: string) => Check>()
  const checksOf = (schema: string) => {
    const made = checks.get(schema) ?? partsOf(sources.schemas[schema] as object)
    checks.set(schema, made)
    return made
  }
  for (const { pipeline, destination, path, finder } of bodies(sources)) {
    const place = ({ start, end }: AnyNode) => placeIn(pipeline.file, path, start, end)
    const { schema } = destination
    for (const { node, pointer, value, field } of finder.found) {
      const problem = checksOf(schema)(pointer)(value)
      if (problem === undefined) continue
      const message = `"${field}" ${problem}, and is ${JSON.stringify(value).slice(0, 60)}`
      out.error('SLU0340', place(node), message, `schemas/${schema}.json says what it may be`)
    }
    for (const { key, name, field, fields } of finder.extras) {
      const near = nearest(name, fields)
      const message = `the body for ${destination.kind} ${destination.name} has no field "${name}" at "${field}"`
      const hint = near === undefined ? `it has: ${listed(fields)}` : `did you mean "${near}"?`
      out.error('SLU0333', place(key), message, hint)
    }
  }
}

/** Of commands, events and jobs that are right as far as they can be read. */
function bodies({ fleet, schemas, pipelines, alerting }: FleetSources) {
  const checked = [...pipelines, ...(alerting === undefined ? [] : [checkedAlerting(alerting)])]
  return checked.flatMap((pipeline) =>
    allSteps(pipeline.plan).flatMap((step) => {
      if (!sends(step) && step.kind !== 'request') return []
      const { schema, ...destination } = destinationOf(step, fleet)
      const root = schema === undefined ? undefined : schemas[schema]
      const path = pipeline.written.get(step.body)
      const { root: tree } = new Anatomy(step.body.text)
      if (schema === undefined || !isSchema(root) || path === undefined || tree === undefined)
        return []
      const finder = new Finder(root, tree)
      return [{ pipeline, destination: { ...destination, schema }, path, finder }]
    }),
  )
}

interface Literal {
  readonly node: AnyNode
  /** Of its schema. */
  readonly pointer: string
  readonly value: unknown
  readonly field: string
}

/** Words beside which the named fields are not all. */
const OPEN = ['patternProperties', 'allOf', 'anyOf', 'oneOf']

/** What a type has not said already. */
const LIMITS: ReadonlySet<string> = new Set(
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format'.split(
    ' ',
  ),
)
const isLimited = (schema: Schema) =>
  schema['type'] === 'integer' || Object.keys(schema).some((word) => LIMITS.has(word))

interface Extra {
  readonly key: AnyNode
  readonly name: string
  /** Of the object: `lines[]`. */
  readonly field: string
  readonly fields: readonly string[]
}

/** Those at places that the schema knows without a doubt: alternatives are for TypeScript. */
class Finder {
  private readonly root: Schema
  readonly found: Literal[] = []
  /** Fields that a callback makes and that are not to be there: TypeScript looks for them only outside of callbacks. */
  readonly extras: Extra[] = []

  constructor(root: Schema, tree: AnyNode) {
    this.root = root
    this.visit(tree, '#', '', 0)
  }

  private visit(node: AnyNode, pointer: string, field: string, references: number): void {
    const schema = resolve(this.root, pointer)
    if (!isSchema(schema)) return
    const { $ref } = schema
    if (typeof $ref === 'string') {
      // References in a circle lead nowhere.
      if (references < 100) this.visit(node, $ref, field, references + 1)
      return
    }
    const go = (child: AnyNode) => this.visit(child, pointer, field, 0)
    switch (node.type) {
      case 'ConditionalExpression':
        go(node.consequent)
        go(node.alternate)
        return
      case 'LogicalExpression':
        if (node.operator !== '&&') go(node.left)
        go(node.right)
        return
      case 'ArrayExpression':
        for (const element of node.elements)
          if (element !== null) this.item(element, pointer, field)
        return
      case 'CallExpression': {
        const made = mapped(node)
        if (made === undefined) return
        if (made.type === 'ObjectExpression') this.refused(made, `${pointer}/items`, `${field}[]`)
        this.item(made, pointer, field)
        return
      }
      case 'ObjectExpression':
        for (const property of node.properties)
          if (property.type === 'Property') this.field(property, pointer, field)
        return
      default: {
        const value = valueOf(node)
        if (value !== undefined && isLimited(schema))
          this.found.push({ node, pointer, value, field })
      }
    }
  }

  private refused(made: Extract<AnyNode, { type: 'ObjectExpression' }>, at: string, field: string) {
    const schema = target(this.root, resolve(this.root, at))
    if (!isSchema(schema) || schema['additionalProperties'] !== false) return
    if (OPEN.some((word) => word in schema) || !isSchema(schema['properties'])) return
    const fields = Object.keys(schema['properties'])
    for (const property of made.properties) {
      const name = property.type === 'Property' ? keyOf(property.key) : undefined
      if (property.type === 'Property' && name !== undefined && !fields.includes(name))
        this.extras.push({ key: property.key, name, field, fields })
    }
  }

  private item(node: AnyNode, pointer: string, field: string): void {
    if (node.type !== 'SpreadElement') this.visit(node, `${pointer}/items`, `${field}[]`, 0)
  }

  private field({ key, value }: Extract<AnyNode, { type: 'Property' }>, at: string, of: string) {
    const name = keyOf(key)
    const pointer = `${at}/properties/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    this.visit(value, pointer, of === '' ? name : `${of}.${name}`, 0)
  }
}

function valueOf(node: AnyNode): unknown {
  if (node.type === 'Literal') return node.value
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined
  if (node.type !== 'UnaryExpression' || node.operator !== '-') return undefined
  const value = valueOf(node.argument)
  return typeof value === 'number' ? -value : undefined
}
