// Pieces of JSON Schema that answers are described with; each says what it is.

export type Schema = Readonly<Record<string, unknown>>

export const text = (description: string): Schema => ({ type: 'string', description })
export const number = (description: string): Schema => ({ type: 'number', description })
export const flag = (description: string): Schema => ({ type: 'boolean', description })
export const list = (items: Schema, description: string): Schema => ({
  type: 'array',
  items,
  description,
})
export const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'] })
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
/** All fields are there, but those named as optional. */
export const object = (
  properties: Readonly<Record<string, Schema>>,
  description: string,
  optional: readonly string[] = [],
): Schema => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})
export const named = (each: Schema, description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: each,
})
