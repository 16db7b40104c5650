// Pieces that the grammars of fleet and pipeline share; each field says what it is for, to ajv, to editors and to the reference alike.
import { DURATION_PATTERN, SIZE_PATTERN } from '../units.ts'

export type JsonSchema = { readonly [key: string]: unknown }

export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  minLength: 1,
  description,
  ...more,
})

export const name = (description: string): JsonSchema =>
  text(description, { maxLength: 200, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' })

export const expression = (description: string): JsonSchema =>
  text(`${description} A JavaScript expression without side effects.`)

export const duration = (description: string): JsonSchema =>
  text(`${description} A number and ms, s, m, h or d.`, {
    pattern: DURATION_PATTERN,
    examples: ['30s'],
  })

export const size = (description: string): JsonSchema => ({
  type: ['integer', 'string'],
  description: `${description} Bytes, or a number and KiB, MiB or GiB.`,
  minimum: 1,
  pattern: SIZE_PATTERN,
  examples: ['1MiB'],
})

export const whole = (description: string, minimum: number, maximum: number): JsonSchema => ({
  type: 'integer',
  description,
  minimum,
  maximum,
})

export const oneOf = (description: string, ...values: string[]): JsonSchema => ({
  enum: values,
  description,
})

export const flag = (description: string): JsonSchema => ({ type: 'boolean', description })

export const object = (
  description: string,
  properties: Record<string, JsonSchema>,
  required: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  description,
  properties,
  required,
  additionalProperties: false,
})

export const named = (description: string, each: JsonSchema): JsonSchema => ({
  type: 'object',
  description,
  propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 200 },
  additionalProperties: each,
})

/** A text that may hold ${VAR} or ${VAR:-default}. */
export const setting = (description: string): JsonSchema =>
  text(`${description} May hold \${VAR} or \${VAR:-default}.`, { minLength: 0 })

export const secret = (description: string): JsonSchema =>
  object(
    `${description} The name of an environment variable; a literal secret is refused.`,
    {
      secret: text('Name of the environment variable.', { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
      optional: flag('True: no secret is used when the variable is not set.'),
    },
    ['secret'],
  )
