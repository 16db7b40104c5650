// Checks a YAML value against a grammar and says what is wrong at the line where it is.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { MAX_PER_FILE, type Diagnostics } from './diagnostics.ts'
import type { Bounds, JsonSchema } from './grammar/parts.ts'
import { meantBy, wordsFor } from './shape-words.ts'
import { bytes, milliseconds } from './units.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** The grammars are ours: a test holds them to the meta-schema. What is run once is not worth optimising. */
const ajv = new Ajv2020({
  validateSchema: false,
  code: { optimize: false },
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictTypes: false,
  logger: false,
})
ajv.addKeyword({ keyword: 'isExpression', schemaType: 'boolean' })
ajv.addKeyword({ keyword: 'isStep', schemaType: 'boolean' })
ajv.addKeyword({
  keyword: 'exactlyOne',
  type: 'object',
  schemaType: 'array',
  validate: (fields: readonly string[], written: object) =>
    fields.filter((field) => Object.hasOwn(written, field)).length === 1,
})
ajv.addKeyword({
  keyword: 'bounds',
  type: 'string',
  schemaType: 'object',
  validate: ({ unit, least, most }: Bounds, written: string) => {
    const measure = unit === 'duration' ? milliseconds : bytes
    const value = measure(written)
    // What has no value has not the form either, which is said elsewhere.
    return Number.isNaN(value) || (value >= measure(least) && value <= measure(most))
  },
})

const compiled = new WeakMap<JsonSchema, ValidateFunction>()

/** True when the value at `path` has the shape. */
export function checkShape(
  file: YamlFile,
  path: Path,
  value: unknown,
  schema: JsonSchema,
  out: Diagnostics,
): boolean {
  let validate = compiled.get(schema)
  if (validate === undefined) compiled.set(schema, (validate = ajv.compile(schema)))
  if (validate(value)) return true
  const all = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'propertyNames')
  // One file cannot show more; each costs time.
  const errors = all.slice(0, 2 * MAX_PER_FILE)
  const unknown = errors.filter(({ keyword }) => keyword === 'additionalProperties')
  const meant = new Set(unknown.map((error) => `${error.instancePath} ${meantBy(error)}`))
  const seen = new Set<string>()
  for (const error of errors) {
    // What is missing is there under a misspelt name, about which the hint speaks.
    if (error.keyword === 'required' && meant.has(wantedBy(error))) continue
    if (seen.has(identity(error))) continue
    seen.add(identity(error))
    const at = pathOf(path, error)
    const { code, key, message, hint } = wordsFor(error, at)
    const place = key === undefined ? file.at(at) : file.key([...at, ...key])
    out.error(code, place, message, hint)
  }
  return false
}

const wantedBy = ({ instancePath, params }: ErrorObject) =>
  `${instancePath} ${String((params as Record<string, unknown>)['missingProperty'])}`

/** A value of the wrong type breaks several rules, and one word on it is enough; of a map's fields each counts. */
function identity({ instancePath, keyword, params, propertyName }: ErrorObject): string {
  const field = keyword === 'additionalProperties' || keyword === 'required' ? params : undefined
  return JSON.stringify([instancePath, field, propertyName])
}

/** Parts stay text, also those that are numbers: the file knows what is a list. */
const pathOf = (above: Path, { instancePath }: ErrorObject): Path => [
  ...above,
  ...instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
]
