// Writes what is generated: types of messages and values, and the grammars as JSON Schema for editors. The same input gives the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FLEET_SPELT_OUT } from './grammar/fleet.ts'
import type { JsonSchema } from './grammar/parts.ts'
import { PIPELINE_SPELT_OUT } from './grammar/pipeline.ts'
import { schemaNames } from './schema-file.ts'

export interface Generated {
  /** Relative to the root. */
  readonly file: string
  readonly text: string
}

/** Needs the development dependency json-schema-to-typescript. */
export async function generate(root: string): Promise<Generated[]> {
  const { compile } = await import('json-schema-to-typescript')
  const types = schemaNames(root).map(async (name): Promise<Generated> => {
    const schema = JSON.parse(readFileSync(join(root, 'schemas', `${name}.json`), 'utf8')) as object
    const title = (schema as { title?: string }).title ?? pascal(name)
    const text = await compile(withoutDiscriminator(schema) as never, title, {
      bannerComment: `// generated from schemas/${name}.json by \`npx sluice types\`; do not edit`,
      additionalProperties: false,
      style: { semi: false, singleQuote: true, printWidth: 100 },
    })
    return { file: `workers/generated/${name}.ts`, text }
  })
  return [...(await Promise.all(types)), ...grammarFiles()]
}

/** Files that differ from what they should be. */
export function outdated(root: string, generated: readonly Generated[]): string[] {
  return generated
    .filter(({ file, text }) => read(join(root, file)) !== text)
    .map(({ file }) => file)
}

export function write(root: string, generated: readonly Generated[]): void {
  for (const { file, text } of generated) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
}

function grammarFiles(): Generated[] {
  const textOf = (title: string, schema: JsonSchema): string => {
    const whole = { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
    return `${JSON.stringify(whole, withoutOurKeywords, 2)}\n`
  }
  return [
    { file: 'schemas/fleet.schema.json', text: textOf('Sluice fleet', FLEET_SPELT_OUT) },
    { file: 'schemas/pipeline.schema.json', text: textOf('Sluice pipeline', PIPELINE_SPELT_OUT) },
  ]
}

/** The generator takes `required` beside `oneOf` for a type of its own; the alternatives say all there is. */
function withoutDiscriminator(schema: object): object {
  if (!('oneOf' in schema)) return schema
  const {
    type: _type,
    required: _required,
    discriminator: _discriminator,
    ...rest
  } = schema as Record<string, unknown>
  return rest
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** What editors would only complain about. */
const withoutOurKeywords = (key: string, value: unknown): unknown =>
  key === 'bounds' || key === 'isExpression' ? undefined : value

const pascal = (name: string) =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
