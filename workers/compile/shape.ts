// Checks a YAML value against a grammar and says what is wrong in words, at the line where it is.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Diagnostics } from './diagnostics.ts'
import type { JsonSchema } from './grammar/parts.ts'
import { didYouMean } from './suggest.ts'
import type { Path, YamlFile } from './yaml-file.ts'

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictTypes: false,
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
  const seen = new Set<string>()
  for (const error of validate.errors ?? []) {
    const place = [...path, ...pathOf(error.instancePath)]
    // A value of the wrong type breaks several rules; one word on it is enough.
    const once = `${error.instancePath} ${error.keyword === 'additionalProperties' || error.keyword === 'required' ? JSON.stringify(error.params) : ''}`
    if (seen.has(once) || error.keyword === 'propertyNames') continue
    seen.add(once)
    say(file, place, error, out)
  }
  return false
}

function say(file: YamlFile, path: Path, error: ErrorObject, out: Diagnostics): void {
  const field = nameOf(path)
  const params = error.params as Record<string, unknown>
  const { description } = (error.parentSchema ?? {}) as { description?: string }
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty'])
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {})
      const written = Object.keys((error.data ?? {}) as object)
      const free = known.filter((candidate) => !written.includes(candidate))
      out.error(
        'SLU0201',
        file.key([...path, key]),
        `unknown field "${key}"${below(path)}`,
        didYouMean(key, free),
      )
      return
    }
    case 'required': {
      const key = String(params['missingProperty'])
      const about = ((
        error.parentSchema as { properties?: Record<string, { description?: string }> }
      ).properties ?? {})[key]
      out.error(
        'SLU0202',
        path.length === 0 ? file.at(path) : file.key(path),
        `"${key}" is missing${below(path)}`,
        `add ${key}: ${about?.description ?? ''}`.trim(),
      )
      return
    }
    case 'type':
      out.error(
        'SLU0203',
        file.at(path),
        `${field} is ${kindOf(error.data)}, and must be ${[params['type']].flat().join(' or ')}`,
        hint(field, description),
      )
      return
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String)
      out.error(
        'SLU0204',
        file.at(path),
        `${field} is ${shown(error.data)}, and must be ${list(allowed)}`,
        didYouMean(String(error.data), allowed),
      )
      return
    }
    case 'minimum':
    case 'maximum':
      out.error(
        'SLU0205',
        file.at(path),
        `${field} is ${shown(error.data)}, and must be ${error.keyword === 'minimum' ? 'at least' : 'at most'} ${String(params['limit'])}`,
        hint(field, description),
      )
      return
    case 'pattern':
      if ((error as { propertyName?: string }).propertyName !== undefined) {
        const key = String((error as { propertyName?: string }).propertyName)
        out.error(
          'SLU0206',
          file.key([...path, key]),
          `"${key.slice(0, 60)}" is no name`,
          'letters, digits, dot, underscore and hyphen; begins with a letter or digit',
        )
      } else
        out.error(
          'SLU0206',
          file.at(path),
          `${field} is ${shown(error.data)}, which is not of the right form`,
          hint(field, description),
        )
      return
    default:
      out.error(
        'SLU0207',
        file.at(path),
        `${field} ${error.message ?? 'is wrong'}`,
        hint(field, description),
      )
  }
}

export const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part))

const nameOf = (path: Path) =>
  path.length === 0
    ? 'the file'
    : `"${path.filter((part) => typeof part === 'string').at(-1) ?? path.at(-1)}"`
const below = (path: Path) => (path.length === 0 ? '' : ` in ${nameOf(path)}`)
const hint = (field: string, description: string | undefined) =>
  `${field.replaceAll('"', '')}: ${description ?? 'see the reference'}`
const list = (values: string[]) =>
  values.length === 1 ? `"${values[0]}"` : `one of ${values.join(', ')}`

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : `${shown(value)} (a ${typeof value})`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
