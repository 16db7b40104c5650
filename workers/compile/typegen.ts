// Writes what is generated: types of messages and values, and the grammars as JSON Schema for editors. The same input gives the same bytes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { compileFleet } from './compile.ts'
import { FLEET_SPELT_OUT } from './grammar/fleet.ts'
import type { JsonSchema } from './grammar/parts.ts'
import { PIPELINE_SPELT_OUT } from './grammar/pipeline.ts'
import { PIPELINE_TEST } from './grammar/pipeline-test.ts'
import { schemaNames } from './schema-file.ts'
import { fleetTypes } from './types/fleet-types.ts'
import { handlerTypes } from './types/handler-types.ts'
import { schemaFile } from './types/schema-types.ts'
import { writeFile } from './write-file.ts'
import { findTsc } from './types/tsc.ts'

export interface Generated {
  /** Relative to the root. */
  readonly file: string
  readonly text: string
}

/** Needs the development dependency typescript: what handlers are given is what it makes of the expressions. */
export async function generate(root: string): Promise<Generated[]> {
  const tsc = await findTsc()
  if (tsc === undefined)
    throw new SluiceError('SLU1130', {
      message: 'TypeScript 7 is not installed: no types were written',
    })
  const schemas = schemaNames(root).map((name): Generated => {
    const schema = JSON.parse(readFileSync(join(root, 'schemas', `${name}.json`), 'utf8')) as object
    return { file: `workers/generated/${name}.ts`, text: schemaFile(name, schema) }
  })
  const { sources } = compileFleet(root)
  const handlers = [...handlerTypes(sources, tsc)].map(([name, text]): Generated => ({
    file: `workers/generated/handlers/${name}.ts`,
    text,
  }))
  const fleet = { file: 'workers/generated/fleet.ts', text: fleetTypes(sources) }
  return [...schemas, ...handlers, fleet, ...grammarFiles()]
}

/** Files that differ from what they should be. */
export function outdated(root: string, generated: readonly Generated[]): string[] {
  return generated
    .filter(({ file, text }) => read(join(root, file)) !== text)
    .map(({ file }) => file)
}

export function write(root: string, generated: readonly Generated[]): void {
  for (const { file, text } of generated) writeFile(join(root, file), text)
}

function grammarFiles(): Generated[] {
  const textOf = (title: string, schema: JsonSchema): string => {
    const whole = { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
    return `${JSON.stringify(whole, withoutOurKeywords, 2)}\n`
  }
  return [
    { file: 'schemas/fleet.schema.json', text: textOf('Sluice fleet', FLEET_SPELT_OUT) },
    { file: 'schemas/pipeline.schema.json', text: textOf('Sluice pipeline', PIPELINE_SPELT_OUT) },
    {
      file: 'schemas/pipeline-test.schema.json',
      text: textOf('Sluice pipeline tests', PIPELINE_TEST),
    },
  ]
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** What editors would only complain about; `exactlyOne` is said in words they know. */
function withoutOurKeywords(key: string, value: unknown): unknown {
  if (key === 'bounds' || key === 'isExpression') return undefined
  if (typeof value !== 'object' || value === null) return value
  if ('isStep' in value) return { $ref: '#/properties/steps/items' }
  if (!('exactlyOne' in value)) return value
  const { exactlyOne, ...schema } = value as { exactlyOne: readonly string[] }
  return { ...schema, oneOf: exactlyOne.map((field) => ({ required: [field] })) }
}
