// The grammar as the one source: every field says what it is for, and its example is one.
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { FLEET, FLEET_SPELT_OUT } from '../../workers/compile/grammar/fleet.ts'
import type { Bounds, JsonSchema } from '../../workers/compile/grammar/parts.ts'
import { PIPELINE_TEST } from '../../workers/compile/grammar/pipeline-test.ts'
import { PIPELINE, PIPELINE_SPELT_OUT } from '../../workers/compile/grammar/pipeline.ts'
import { bytes, milliseconds } from '../../workers/compile/units.ts'

const ajv = new Ajv2020({ strict: false })

interface Field {
  readonly path: string
  readonly schema: JsonSchema
}

/** Every schema at or below one, by its path. */
function fieldsOf(path: string, schema: JsonSchema): Field[] {
  const list = (value: unknown) => (value ?? []) as readonly JsonSchema[]
  const inner: [string, unknown][] = [
    ...Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>),
    ['<name>', schema['additionalProperties']],
    ['[]', schema['items']],
    ...[...list(schema['oneOf']), ...list(schema['anyOf'])].map((variant, n): [string, unknown] => [
      `(${n})`,
      variant,
    ]),
  ]
  return [
    { path, schema },
    ...inner
      .filter((entry): entry is [string, JsonSchema] => Object(entry[1]) === entry[1])
      .flatMap(([name, field]) => fieldsOf(`${path}.${name}`, field)),
  ]
}

const FIELDS = [
  ...fieldsOf('fleet', FLEET_SPELT_OUT),
  ...fieldsOf('pipeline', PIPELINE_SPELT_OUT),
  ...fieldsOf('test', PIPELINE_TEST),
]
const holdsOthers = (schema: JsonSchema) =>
  ['properties', 'additionalProperties', 'items', 'oneOf', 'anyOf'].some(
    (key) => Object(schema[key]) === schema[key],
  )
const LEAVES = FIELDS.filter(({ schema }) => !holdsOthers(schema))

test('the grammars are valid themselves: a process that checks by them does not ask', () => {
  for (const grammar of [FLEET, FLEET_SPELT_OUT, PIPELINE, PIPELINE_SPELT_OUT, PIPELINE_TEST])
    expect(ajv.validateSchema(grammar)).toBe(true)
})

test('every field of every section has a description', () => {
  const named = FIELDS.filter(({ path }) => !/\.(\[\]|\(\d+\))$/.test(path))
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter(({ schema }) => !schema['description']).map(({ path }) => path)).toEqual([])
})

test('every leaf has an example', () => {
  const bare = LEAVES.filter(({ schema }) => !Array.isArray(schema['examples']))
  expect(bare.map(({ path }) => path)).toEqual([])
})

test('examples and defaults are right', () => {
  const wrong = FIELDS.flatMap(({ path, schema }) => {
    const values = [...((schema['examples'] ?? []) as unknown[])]
    if (schema['default'] !== undefined && !holdsOthers(schema)) values.push(schema['default'])
    return values
      .filter((value) => !ajv.validate(schema, value) || !isWithin(schema, value))
      .map((value) => `${path}: ${JSON.stringify(value)}`)
  })
  expect(wrong).toEqual([])
})

/** What people write as `30m` or `2MiB` has bounds that JSON Schema cannot say. */
function isWithin({ bounds }: JsonSchema, value: unknown): boolean {
  if (bounds === undefined || value === 'forever') return true
  const { unit, least, most } = bounds as Bounds
  const measure = (text: string) => (unit === 'size' ? bytes(text) : milliseconds(text))
  const size = measure(String(value))
  return size >= measure(least) && size <= measure(most)
}
