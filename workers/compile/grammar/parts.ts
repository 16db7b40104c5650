// Pieces that the grammars of fleet and pipeline share; each field says what it is for, to ajv, to editors and to the reference alike.
import { DURATION_PATTERN, SIZE_PATTERN } from '../units.ts'

export type JsonSchema = { readonly [key: string]: unknown }

/** Least and most of a duration or a size, as people write them: a keyword of ours, which editors pass over. */
export interface Bounds {
  readonly unit: 'duration' | 'size'
  readonly least: string
  readonly most: string
}

export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  minLength: 1,
  description,
  ...more,
})

const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]*$'

export const name = (description: string): JsonSchema =>
  text(description, { maxLength: 200, pattern: NAME_PATTERN })

/** `isExpression` is for our own messages: `${…}` belongs to JavaScript there. */
export const expression = (description: string): JsonSchema =>
  text(`${description} A JavaScript expression without side effects.`, { isExpression: true })

/** A timer of Node's takes 24 days at most; a longer one would fire at once. */
const LONGEST = '24d'

export const duration = (description: string, least = '1ms', most = LONGEST): JsonSchema => {
  const bounds: Bounds = { unit: 'duration', least, most }
  const words = `${description} A number and ms, s, m, h or d, from ${least} to ${most}.`
  return text(words, { pattern: DURATION_PATTERN, bounds, examples: ['30s'] })
}

/** Kafka counts bytes in 32 bits. */
const LARGEST = 2_147_483_647

export const size = (description: string): JsonSchema => {
  const bounds: Bounds = { unit: 'size', least: '1', most: String(LARGEST) }
  return {
    type: ['integer', 'string'],
    description: `${description} Bytes, or a number and KiB, MiB or GiB.`,
    minimum: 1,
    maximum: LARGEST,
    pattern: SIZE_PATTERN,
    bounds,
    examples: ['1MiB'],
  }
}

export const whole = (description: string, minimum: number, maximum: number): JsonSchema => ({
  type: 'integer',
  description: `${description} From ${minimum} to ${maximum}.`,
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
  propertyNames: { pattern: NAME_PATTERN, maxLength: 200 },
  additionalProperties: each,
})

/** A text that may hold ${VAR} or ${VAR:-default}; `pattern` is the form of one that holds none. */
export const setting = (description: string, pattern: string, example: string): JsonSchema => ({
  type: 'string',
  description: `${description} May hold \${VAR} or \${VAR:-default}.`,
  pattern: `\\$\\{|${pattern}`,
  examples: [example],
})

export const secret = (description: string): JsonSchema =>
  object(
    `${description} The name of an environment variable; a literal secret is refused.`,
    {
      secret: text('Name of the environment variable.', {
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        examples: ['REDIS_PASSWORD'],
      }),
      optional: flag('True: no secret is used when the variable is not set.'),
    },
    ['secret'],
  )
