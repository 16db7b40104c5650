// Writes a JSON Schema as TypeScript types: what a field is, not how long or how large. The same schema gives the same text.
import { isSchema, resolve, target, TypeNames, type Schema } from './schema-names.ts'

export interface SchemaTypes {
  /** Exported declarations, the whole schema first. */
  readonly text: string
  /** The name of the type of the whole. */
  readonly root: string
}

/** `name` is that of the file: the type is called so when the schema has no title. */
export function schemaTypes(name: string, schema: object): SchemaTypes {
  return new SchemaPrinter(schema as Schema).print(name)
}

/** The same as a file of its own below workers/generated/. */
export const schemaFile = (name: string, schema: object): string =>
  `// generated from schemas/${name}.json by \`npx sluice types\`; do not edit\n\n${schemaTypes(name, schema).text}`

/** Deeper ones are `unknown`; nobody reads them. */
const MAX_DEPTH = 64

class SchemaPrinter {
  private readonly root: Schema
  private readonly names = new TypeNames()
  private readonly waiting: unknown[] = []
  private depth = 0

  constructor(root: Schema) {
    this.root = root
  }

  print(name: string): SchemaTypes {
    this.name(this.root, name.split('/').at(-1) ?? name)
    const parts: string[] = []
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      const about = isSchema(next) ? comment(next, '') : ''
      parts.push(`${about}export type ${this.names.of(next)} = ${this.shape(next, '')}\n`)
    }
    return { text: parts.join('\n'), root: this.names.of(this.root) ?? 'unknown' }
  }

  private name(schema: unknown, fallback: string): void {
    if (this.names.claim(schema, fallback)) this.waiting.push(schema)
  }

  /** The type where it is used: a name for what has one. */
  private type(schema: unknown, indent: string): string {
    if (schema === true || schema === undefined) return 'unknown'
    if (!isSchema(schema)) return 'never'
    const shape = (): string => {
      if (++this.depth > MAX_DEPTH) return 'unknown'
      return this.names.of(schema) ?? this.shape(schema, indent)
    }
    try {
      return shape()
    } finally {
      this.depth--
    }
  }

  private shape(schema: unknown, indent: string): string {
    if (!isSchema(schema)) return schema === false ? 'never' : 'unknown'
    if ('const' in schema) return literal(schema['const'])
    if (Array.isArray(schema['enum'])) return union(schema['enum'].map(literal))
    const parts = [
      ...this.reference(schema['$ref']),
      ...list(schema['allOf']).map((part) => this.type(part, indent)),
      ...['oneOf', 'anyOf'].flatMap((key) => this.alternatives(schema, key, indent)),
      ...this.own(schema, indent),
    ].filter((part) => part !== 'unknown')
    const whole = parts.length === 0 ? 'unknown' : intersection(parts)
    return schema['nullable'] === true && whole !== 'unknown' ? union([whole, 'null']) : whole
  }

  private reference(reference: unknown): string[] {
    if (typeof reference !== 'string') return []
    const meant = target(this.root, resolve(this.root, reference))
    if (!isSchema(meant)) return [meant === false ? 'never' : 'unknown']
    this.name(meant, reference.split('/').at(-1) ?? '')
    return [this.names.of(meant) ?? 'unknown']
  }

  /** Fields beside alternatives belong to each of them: `required` of one makes a field of all a field that is there. */
  private alternatives(schema: Schema, key: string, indent: string): string[] {
    if (!Array.isArray(schema[key])) return []
    const { [key]: _key, allOf: _allOf, $ref: _ref, title: _title, ...own } = schema
    const members = list(schema[key]).map((member) =>
      isSchema(member) && isPartial(member)
        ? this.type(merged(own, member), indent)
        : this.type(member, indent),
    )
    return [union(members)]
  }

  private own(schema: Schema, indent: string): string[] {
    // Parts of the alternatives by now.
    const absorbed = ['oneOf', 'anyOf'].some((key) =>
      list(schema[key]).some((member) => isSchema(member) && isPartial(member)),
    )
    if (absorbed) return []
    const { type } = schema
    const types = Array.isArray(type) ? type : [type ?? implied(schema)]
    return [union(types.map((one) => this.ofType(one, schema, indent)))]
  }

  private ofType(type: unknown, schema: Schema, indent: string): string {
    switch (type) {
      case 'integer':
      case 'number':
        return 'number'
      case 'string':
      case 'boolean':
      case 'null':
        return type
      case 'array':
        return this.array(schema, indent)
      case 'object':
        return this.object(schema, indent)
      default:
        return 'unknown'
    }
  }

  private array(schema: Schema, indent: string): string {
    const { items } = schema
    if (!Array.isArray(schema['prefixItems'])) return arrayOf(this.type(items, indent))
    const least = Number(schema['minItems'] ?? 0)
    const first = list(schema['prefixItems']).map((item, index) => {
      const type = this.type(item, indent)
      return index < least ? type : `${bracketed(type)}?`
    })
    const rest = items === false ? [] : [`...${arrayOf(this.type(items, indent))}`]
    return `[${[...first, ...rest].join(', ')}]`
  }

  private object(schema: Schema, indent: string): string {
    const properties = isSchema(schema['properties']) ? schema['properties'] : {}
    const required = list(schema['required']).filter((name) => typeof name === 'string')
    const inner = `${indent}  `
    const fields = Object.entries(properties).map(([name, value]) => {
      const optional = required.includes(name) ? '' : '?'
      const about = isSchema(value) ? comment(value, inner) : ''
      return `${about}${inner}${key(name)}${optional}: ${this.type(value, inner)}\n`
    })
    // Beside alternatives they are for those to say.
    const alternatives = ['oneOf', 'anyOf', 'allOf', '$ref'].some((word) => word in schema)
    const undeclared = required.filter((name) => !Object.hasOwn(properties, name))
    if (!alternatives) for (const name of undeclared) fields.push(`${inner}${key(name)}: unknown\n`)
    fields.push(...this.others(schema, fields.length, alternatives, inner))
    return fields.length === 0 ? 'unknown' : `{\n${fields.join('')}${indent}}`
  }

  /** Fields without a name. What is not said about them is nothing to build on: then there are none beside the named ones. */
  private others(schema: Schema, named: number, beside: boolean, indent: string): string[] {
    const { additionalProperties: more } = schema
    const patterns = Object.values(
      isSchema(schema['patternProperties']) ? schema['patternProperties'] : {},
    )
    const rest = more === undefined ? [] : [more]
    if (patterns.length === 0 && (more === false || more === undefined)) {
      if (named > 0 || beside) return []
      return [`${indent}[name: string]: ${more === false ? 'never' : 'unknown'}\n`]
    }
    const types = [...patterns, ...rest].filter((one) => one !== false)
    // A named field would have to fit what is said of all others.
    const type = named > 0 ? 'unknown' : union(types.map((one) => this.type(one, indent)))
    return [`${indent}[name: string]: ${type}\n`]
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Says only which fields must be there, or more about them: no type of its own. */
const isPartial = (schema: Schema) =>
  !('$ref' in schema) && !('type' in schema) && ('required' in schema || 'properties' in schema)

function merged(base: Schema, part: Schema): Schema {
  const properties = (schema: Schema) =>
    isSchema(schema['properties']) ? schema['properties'] : {}
  return {
    type: 'object',
    ...base,
    ...part,
    properties: { ...properties(base), ...properties(part) },
    required: [...list(base['required']), ...list(part['required'])],
  }
}

const implied = (schema: Schema) =>
  ['properties', 'required', 'additionalProperties', 'patternProperties'].some((k) => k in schema)
    ? 'object'
    : 'items' in schema || 'prefixItems' in schema
      ? 'array'
      : undefined

/** A value that JSON can hold, as a type. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return quoted(value)
  const fields = Object.entries(value).map(([name, one]) => `${key(name)}: ${literal(one)}`)
  return `{ ${fields.join('; ')} }`
}

function union(types: readonly string[]): string {
  const all = [...new Set(types)]
  if (all.includes('unknown')) return 'unknown'
  const some = all.filter((type) => type !== 'never')
  return some.length === 0 ? 'never' : some.length === 1 ? (some[0] as string) : some.join(' | ')
}

const intersection = (types: readonly string[]): string => {
  const all = [...new Set(types)]
  return all.length === 1 ? (all[0] as string) : all.map(bracketed).join(' & ')
}

const bracketed = (type: string) => (/^\w+$/.test(type) ? type : `(${type})`)

const arrayOf = (type: string) => `${bracketed(type)}[]`

const quoted = (value: unknown): string =>
  typeof value === 'string'
    ? `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    : JSON.stringify(value)

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name))

function comment(schema: Schema, indent: string): string {
  const about = schema['description']
  if (typeof about !== 'string' || about.trim() === '') return ''
  const lines = about.replaceAll('*/', '* /').split(/[\r\n\u2028\u2029]+/)
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}
