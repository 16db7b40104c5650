// One page about one kind of file: a table a section, in the order in which people write them.
import type { Bounds, JsonSchema } from '../../workers/compile/grammar/parts.ts'

interface Section {
  /** As it is written in YAML, with dots between; empty for the file itself. */
  readonly path: string
  readonly schema: JsonSchema
}

export function grammarPage(file: string, schema: JsonSchema): string {
  const blocks = sectionsOf('', schema).map(({ path, schema: section }) =>
    [
      path === '' ? `# ${file}` : `## \`${path}\``,
      textOf(section),
      ...notes(section),
      table(section),
    ].join('\n\n'),
  )
  return `<!-- Written from the grammar by npm run generate. -->\n\n${blocks.join('\n\n')}\n`
}

/** This section and all below it. */
function sectionsOf(path: string, schema: JsonSchema): Section[] {
  return [
    { path, schema },
    ...fieldsOf(schema).flatMap(([name, field]) =>
      below(path === '' ? name : `${path}.${name}`, field),
    ),
  ]
}

function below(path: string, field: JsonSchema): Section[] {
  if (field['properties'] !== undefined) return sectionsOf(path, field)
  const each = field['additionalProperties']
  if (isSchema(each)) return below(`${path}.<name>`, each)
  const items = field['items']
  if (isSchema(items)) return below(`${path}[]`, items)
  const variants = variantsOf(field)
  return variants.flatMap((variant) => {
    const verb = requiredOf(variant).at(-1) ?? ''
    const body = (variant['properties'] as Readonly<Record<string, JsonSchema>> | undefined)?.[verb]
    const named = body === undefined ? variant : body
    return named['properties'] === undefined ? [] : sectionsOf(`${path}.${verb}`, named)
  })
}

const variantsOf = (field: JsonSchema): readonly JsonSchema[] =>
  ((field['oneOf'] ?? field['anyOf'] ?? []) as readonly JsonSchema[]).filter(isSchema)

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null

const fieldsOf = (schema: JsonSchema): [string, JsonSchema][] =>
  Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>)

const textOf = (schema: JsonSchema): string => (schema['description'] ?? '') as string

const requiredOf = (schema: JsonSchema) => (schema['required'] ?? []) as readonly string[]

function notes(schema: JsonSchema): string[] {
  const one = schema['exactlyOne'] as readonly string[] | undefined
  return one === undefined ? [] : [`Exactly one of ${one.map(code).join(', ')}.`]
}

function table(schema: JsonSchema): string {
  const required = new Set(requiredOf(schema))
  const rows = fieldsOf(schema).map(([name, field]) => [
    `\`${name}\`${required.has(name) ? ' *' : ''}`,
    typeOf(field),
    defaultOf(field, required.has(name)),
    textOf(field),
    exampleOf(field),
  ])
  const head = ['field', 'type', 'default', 'meaning', 'example']
  const starred = required.size > 0 ? '\n\n\\* required' : ''
  return `${[head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')}${starred}`
}

/** A bar would end the cell. */
const cell = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .replace(/<(?=[a-z])/g, '&lt;')

const code = (text: string) => `\`${text}\``

function typeOf(field: JsonSchema): string {
  const values = field['enum'] as readonly string[] | undefined
  if (values !== undefined) return values.map(code).join(' or ')
  const bounds = field['bounds'] as Bounds | undefined
  if (bounds !== undefined) return `${bounds.unit}, ${bounds.least} to ${bounds.most}`
  if (field['isExpression'] === true) return 'expression'
  const items = field['items']
  if (isSchema(items)) return 'list'
  if (isSchema(field['additionalProperties'])) return 'map by name'
  if (variantsOf(field).length > 0) return 'one of several'
  const types = [field['type'] ?? 'any value'].flat().map(String)
  return types.map((type) => (type === 'object' ? 'map' : type)).join(' or ')
}

function defaultOf(field: JsonSchema, required: boolean): string {
  const value = field['default']
  if (value === undefined) return required ? '' : '–'
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
    ? '–'
    : code(JSON.stringify(value))
}

function exampleOf(field: JsonSchema): string {
  const [example] = (field['examples'] ?? []) as readonly unknown[]
  if (example === undefined) return ''
  return code(typeof example === 'string' ? example : JSON.stringify(example))
}
