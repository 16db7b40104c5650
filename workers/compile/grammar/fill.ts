// Fills defaults into what was written, so that the grammar is the one place where they stand.
import { isMap, type Raw } from '../raw.ts'
import type { JsonSchema, Schema } from './parts.ts'

/**
 * Maps and lists are there where the grammar has them, whatever was written: what has the wrong shape has been refused,
 * and is planned all the same so that other faults are found in the same run. Scalars stay as they were written.
 */
export function fill<T>(schema: Schema<T>, written: unknown): T {
  return filled(schema, written) as T
}

function filled(schema: JsonSchema, written: unknown): unknown {
  const value = written === undefined || written === null ? schema['default'] : written
  if (schema['type'] === 'array') {
    const items = schema['items'] as JsonSchema
    return Array.isArray(value) ? value.map((item) => filled(items, item)) : []
  }
  if (schema['type'] !== 'object') return value
  return schema['properties'] === undefined ? entries(schema, value) : fields(schema, value)
}

function entries(schema: JsonSchema, value: unknown): Raw {
  const each = schema['additionalProperties'] as JsonSchema | undefined
  if (!isMap(value) || each === undefined) return isMap(value) ? value : {}
  const maps = Object.entries(value).filter(
    ([, entry]) => each['type'] !== 'object' || isMap(entry),
  )
  return Object.fromEntries(maps.map(([name, entry]) => [name, filled(each, entry)]))
}

function fields(schema: JsonSchema, value: unknown): Raw {
  const raw = isMap(value) ? value : {}
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>>
  const required = schema['required'] as readonly string[]
  const present = Object.entries(properties).filter(
    ([name, field]) =>
      Object.hasOwn(raw, name) || field['default'] !== undefined || required.includes(name),
  )
  return Object.fromEntries(
    present.map(([name, field]) => [
      name,
      filled(field, Object.hasOwn(raw, name) ? raw[name] : undefined),
    ]),
  )
}
