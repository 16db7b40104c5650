// Whether what an Avro schema can say and what a JSON Schema describes are the same things: each field a property, each property a field.
import type { FieldShape, Shape } from './shape.ts'

export interface Disagreement {
  /** A word that stands in the Avro schema, where there is one. */
  readonly about: string | undefined
  readonly message: string
  readonly hint: string
}

type Node = Readonly<Record<string, unknown>>

/** What JSON Schema leaves open, and what it says in several ways at once, is held against values when they come. */
export function disagreements(shape: Shape, schema: object): Disagreement[] {
  const found: Disagreement[] = []
  new Comparison(schema as Node, found).compare(shape, schema as Node, [])
  return found
}

const SEVERAL = ['oneOf', 'anyOf', 'allOf', 'if', 'not'] as const

/** JSON types by the kinds of Avro that give values of them. */
const TYPES: Readonly<Partial<Record<Shape['kind'], readonly string[]>>> = {
  null: ['null'],
  boolean: ['boolean'],
  int: ['integer', 'number'],
  long: ['integer', 'number'],
  float: ['number', 'integer'],
  double: ['number', 'integer'],
  string: ['string'],
  enum: ['string'],
  array: ['array'],
  map: ['object'],
  record: ['object'],
}

class Comparison {
  private readonly root: Node
  private readonly found: Disagreement[]
  private readonly seen = new Map<Shape, Set<Node>>()

  constructor(root: Node, found: Disagreement[]) {
    this.root = root
    this.found = found
  }

  compare(shape: Shape, written: unknown, path: readonly string[]): void {
    const schema = this.resolved(written)
    if (schema === undefined || this.isSeen(shape, schema)) return
    if (shape.kind === 'union') {
      for (const branch of shape.branches) this.compare(branch, schema, path)
      return
    }
    if (!this.hasType(shape, schema, path)) return
    if (shape.kind === 'record') this.record(shape.fields, schema, path)
    if (shape.kind === 'array') this.compare(shape.items, schema['items'], [...path, 'items'])
    if (shape.kind === 'map')
      this.compare(shape.items, schema['additionalProperties'], [...path, 'values'])
    if (shape.kind === 'enum') this.symbols(shape.symbols, schema, path)
    if (shape.kind === 'int' || shape.kind === 'long') this.whole(shape.kind, schema, path)
  }

  private record(fields: readonly FieldShape[], schema: Node, path: readonly string[]): void {
    const properties = (schema['properties'] ?? {}) as Readonly<Record<string, unknown>>
    const required = new Set((schema['required'] ?? []) as readonly string[])
    const isClosed = schema['additionalProperties'] === false
    for (const field of fields) {
      const at = [...path, field.name]
      if (!Object.hasOwn(properties, field.name)) {
        if (isClosed)
          this.tell(
            at,
            field.name,
            'is a field, and no property of the JSON Schema',
            'no value would ever fit: add the property, or remove the field',
          )
        continue
      }
      this.presence(field, required.has(field.name), at)
      this.compare(withoutAbsence(field), properties[field.name], at)
    }
    for (const name of Object.keys(properties))
      if (!fields.some((field) => field.name === name))
        this.tell(
          [...path, name],
          path.at(-1),
          'is a property of the JSON Schema, and no field',
          'it could not be written: add the field, or remove the property',
        )
  }

  private presence(field: FieldShape, isRequired: boolean, path: readonly string[]): void {
    if (isRequired && field.default === 'null')
      this.tell(
        path,
        field.name,
        'may be absent, and the JSON Schema requires it',
        'a null that is the default stands for what is not there: take the default away, or let the property be optional',
      )
    if (!isRequired && field.default === 'none')
      this.tell(
        path,
        field.name,
        'is always there, and the JSON Schema lets it be absent',
        'write "type": ["null", …], "default": null, or require the property',
      )
  }

  private hasType(shape: Shape, schema: Node, path: readonly string[]): boolean {
    const types = typesOf(schema)
    const fitting = TYPES[shape.kind]
    if (types === undefined || fitting === undefined) return true
    if (fitting.some((type) => types.includes(type))) return true
    this.tell(
      path,
      path.at(-1),
      `is ${shape.kind} in Avro, and ${types.join(' or ')} in JSON`,
      `let the JSON Schema say "type": "${fitting[0]}", or the Avro schema what fits it`,
    )
    return false
  }

  private whole(kind: 'int' | 'long', schema: Node, path: readonly string[]): void {
    const types = typesOf(schema)
    if (types?.includes('number') !== true) return
    this.tell(
      path,
      path.at(-1),
      `is ${kind} in Avro, which has no fractions, and number in JSON`,
      'write "type": "integer" in the JSON Schema, or double in the Avro schema',
    )
  }

  private symbols(symbols: readonly string[], schema: Node, path: readonly string[]): void {
    const values = schema['enum'] ?? (schema['const'] === undefined ? [] : [schema['const']])
    const allowed = (values as readonly unknown[]).filter((value) => typeof value === 'string')
    const lacking = allowed.filter((value) => !symbols.includes(value))
    if (lacking.length > 0 || (allowed.length === 0 && schema['const'] === undefined))
      this.tell(
        path,
        path.at(-1),
        lacking.length > 0
          ? `lacks the symbol ${lacking.join(', ')}`
          : 'is an enum in Avro, and any string in JSON',
        'let both have the same values, or make it a string in Avro',
      )
  }

  private tell(
    path: readonly string[],
    about: string | undefined,
    says: string,
    hint: string,
  ): void {
    const where = path.length === 0 ? 'the value' : `"${path.join('.')}"`
    this.found.push({ about, message: `${where} ${says}`, hint })
  }

  /** Undefined where several things are said at once, or nothing. */
  private resolved(written: unknown): Node | undefined {
    let schema = written
    for (let hops = 0; hops < 20; hops++) {
      if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined
      const node = schema as Node
      const { $ref: ref } = node
      if (typeof ref !== 'string') return SEVERAL.some((word) => word in node) ? undefined : node
      schema = this.at(ref)
    }
    return undefined
  }

  private at(ref: string): unknown {
    if (!ref.startsWith('#')) return undefined
    let node: unknown = this.root
    for (const part of ref.slice(1).split('/').slice(1))
      node = Object(node)[part.replaceAll('~1', '/').replaceAll('~0', '~')] as unknown
    return node
  }

  private isSeen(shape: Shape, schema: Node): boolean {
    const schemas = this.seen.get(shape) ?? new Set()
    this.seen.set(shape, schemas)
    return schemas.size === schemas.add(schema).size
  }
}

/** A null that stands for what is not there is none that the property must allow. */
function withoutAbsence({ shape, default: usual }: FieldShape): Shape {
  if (usual !== 'null' || shape.kind !== 'union') return shape
  return { ...shape, branches: shape.branches.filter(({ kind }) => kind !== 'null') }
}

function typesOf(schema: Node): readonly string[] | undefined {
  const { type, enum: values, const: only } = schema
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return type as string[]
  const all = Array.isArray(values) ? values : only === undefined ? [] : [only]
  const kinds = [...new Set((all as unknown[]).map(kindOf))]
  return kinds.length === 0 ? undefined : kinds
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
}
