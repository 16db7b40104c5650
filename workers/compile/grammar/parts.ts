// Pieces that the grammars are made of. What a piece says holds for ajv, for editors, for the reference and for the types of what was written.
import { DURATION_PATTERN, SIZE_PATTERN } from '../units.ts'

export type JsonSchema = { readonly [key: string]: unknown }

declare const WRITTEN: unique symbol
declare const FILLED: unique symbol

/** A JSON Schema that knows the type of what fits it. */
export type Schema<T = unknown> = JsonSchema & { readonly [WRITTEN]?: T }
/** One whose value is there even if nothing was written. */
export type Filled<T = unknown> = Schema<T> & { readonly default: T; readonly [FILLED]?: true }

/** The type of what fits the schema, defaults filled in. */
export type Written<S> = S extends Schema<infer T> ? T : never

type Fields = Readonly<Record<string, Schema>>
type Present<P extends Fields, R extends keyof P> =
  | R
  | {
      [K in keyof P]: P[K] extends { readonly [FILLED]?: true; readonly default: unknown }
        ? K
        : never
    }[keyof P]
type Shape<P extends Fields, R extends keyof P> = {
  readonly [K in Present<P, R>]: Written<P[K]>
} & { readonly [K in Exclude<keyof P, Present<P, R>>]?: Written<P[K]> }

/** Least and most of a duration or a size, as people write them: a keyword of ours, which editors pass over. */
export interface Bounds {
  readonly unit: 'duration' | 'size'
  readonly least: string
  readonly most: string
}

// ---------------------------------------------------------------- scalars: what it is for, and an example

export const text = (
  description: string,
  example: string,
  more: JsonSchema = {},
): Schema<string> => ({
  type: 'string',
  minLength: 1,
  description,
  examples: [example],
  ...more,
})

const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]*$'

export const name = (description: string, example: string): Schema<string> =>
  text(description, example, { maxLength: 200, pattern: NAME_PATTERN })

/** `isExpression` is for our own messages: `${…}` belongs to JavaScript there. */
export const expression = (description: string, example: string): Schema<string> =>
  text(`${description} A JavaScript expression without side effects.`, example, {
    isExpression: true,
  })

/** A timer of Node's takes 24 days at most; a longer one would fire at once. */
const LONGEST = '24d'

export const duration = (
  description: string,
  example: string,
  least = '1ms',
  most = LONGEST,
): Schema<string> => {
  const bounds: Bounds = { unit: 'duration', least, most }
  const words = `${description} A number and ms, s, m, h or d, from ${least} to ${most}.`
  return text(words, example, { pattern: DURATION_PATTERN, bounds })
}

/** What brokers keep: no timer of ours, so it may be long, and it may be for ever. */
export const retention = (description: string, example: string): Schema<string> =>
  text(`${description} A number and ms, s, m, h or d; or "forever".`, example, {
    pattern: `${DURATION_PATTERN}|^forever$`,
  })

/** Kafka counts the bytes of a message in 32 bits. */
const LARGEST = 2_147_483_647

export const size = (
  description: string,
  example: string,
  most = LARGEST,
): Schema<number | string> => {
  const bounds: Bounds = { unit: 'size', least: '1', most: String(most) }
  return {
    type: ['integer', 'string'],
    description: `${description} Bytes, or a number and KiB, MiB or GiB.`,
    minimum: 1,
    maximum: most,
    pattern: SIZE_PATTERN,
    bounds,
    examples: [example],
  }
}

export const whole = (
  description: string,
  example: number,
  minimum: number,
  maximum: number,
): Schema<number> => ({
  type: 'integer',
  description: `${description} From ${minimum} to ${maximum}.`,
  minimum,
  maximum,
  examples: [example],
})

export const oneOf = <const T extends string>(description: string, ...values: T[]): Schema<T> => ({
  enum: values,
  description,
  examples: values.slice(0, 1),
})

export const flag = (description: string, example = true): Schema<boolean> => ({
  type: 'boolean',
  description,
  examples: [example],
})

/** A text that may hold ${VAR} or ${VAR:-default}; `pattern` is the form of one that holds none. */
export const setting = (description: string, pattern: string, example: string): Schema<string> => ({
  type: 'string',
  description: `${description} May hold \${VAR} or \${VAR:-default}.`,
  pattern: `\\$\\{|${pattern}`,
  examples: [example],
})

// ---------------------------------------------------------------- what holds others

export const object = <P extends Fields, const R extends keyof P & string = never>(
  description: string,
  properties: P,
  required: readonly R[] = [],
): Schema<Shape<P, R>> => ({
  type: 'object',
  description,
  properties,
  required,
  additionalProperties: false,
})

/** Exactly one of these fields: a keyword of ours, which editors get as `oneOf`. */
export const exactlyOne = <T>(fields: readonly string[], schema: Schema<T>): Schema<T> => ({
  ...schema,
  exactlyOne: fields,
})

export const named = <T>(
  description: string,
  each: Schema<T>,
): Schema<Readonly<Record<string, T>>> => ({
  type: 'object',
  description,
  propertyNames: { pattern: NAME_PATTERN, maxLength: 200 },
  additionalProperties: each,
})

export const list = <T>(
  description: string,
  items: Schema<T>,
  more: JsonSchema = {},
): Schema<readonly T[]> => ({ type: 'array', description, items, ...more })

/** What holds when nothing is written. */
export const otherwise = <T>(value: T, schema: Schema<T>): Filled<T> => ({
  ...schema,
  default: value,
})

/** A section whose fields all have defaults: it need not be written. */
export const section = <T>(schema: Schema<T>): Filled<T> => ({ ...schema, default: {} as T })

export const secret = (description: string, example: string) =>
  object(
    `${description} The name of an environment variable; a literal secret is refused.`,
    {
      secret: text('Name of the environment variable.', example, {
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      }),
      optional: otherwise(false, flag('True: no secret is used when the variable is not set.')),
    },
    ['secret'],
  )
