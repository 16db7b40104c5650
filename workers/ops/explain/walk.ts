// Walks the grammar beside what was written: each leaf is a value that somebody wrote, or the default that the grammar gives.
import { SOURCE_KINDS } from '../../compile/grammar/sources.ts'
import { STEPS } from '../../compile/grammar/steps.ts'
import type { JsonSchema } from '../../compile/grammar/parts.ts'
import { isMap } from '../../compile/raw.ts'
import { hasVariable } from '../../compile/settings.ts'
import type { Path, YamlFile } from '../../compile/yaml-file.ts'
import { HIDDEN, type Origin, type Value } from './value.ts'

export interface Walk {
  readonly file: YamlFile
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values that are neither written nor in the grammar, by their paths. */
  readonly derived?: Readonly<Record<string, { readonly value: unknown; readonly from: string }>>
  /** Set for what comes from a policy. */
  readonly policy?: string
}

/** `path`: where it stands in the file; `shown`: how it is called. */
export function walk(
  parts: Walk,
  schema: JsonSchema,
  written: unknown,
  path: Path,
  shown: string,
): Value[] {
  const properties = propertiesOf(schema, written)
  if (properties === undefined) return leaf(parts, schema, written, path, shown)
  return Object.entries(properties).flatMap(([name, field]) => {
    const inner = shown === '' ? name : `${shown}.${name}`
    if (isMap(written) && Object.hasOwn(written, name))
      return walk(parts, field, written[name], [...path, name], inner)
    const derived = parts.derived?.[inner]
    if (derived !== undefined)
      return [
        { path: inner, value: derived.value, origin: { kind: 'derived', from: derived.from } },
      ]
    return field['default'] === undefined ? [] : defaults(field, field['default'], inner)
  })
}

function propertiesOf(
  schema: JsonSchema,
  written: unknown,
): Readonly<Record<string, JsonSchema>> | undefined {
  const isVariant = Array.isArray(schema['oneOf']) || schema['isStep'] === true
  const variant = isVariant && isMap(written) ? variantOf(written) : schema
  return variant?.['properties'] as Readonly<Record<string, JsonSchema>> | undefined
}

/** The grammar of a step by its verb, and of a source by its kind. */
const variantOf = (written: Readonly<Record<string, unknown>>): JsonSchema | undefined =>
  [...STEPS, ...SOURCE_KINDS].find(([name]) => Object.hasOwn(written, name))?.[1]

function leaf(
  parts: Walk,
  schema: JsonSchema,
  written: unknown,
  path: Path,
  shown: string,
): Value[] {
  const items = schema['items'] as JsonSchema | undefined
  if (Array.isArray(written) && items !== undefined && written.some(isMap))
    return written.flatMap((item: unknown, index) => {
      const id = isMap(item) && typeof item['id'] === 'string' ? item['id'] : String(index)
      return walk(parts, items, item, [...path, index], `${shown}.${id}`)
    })
  if (path.at(-1) === 'secret') return [secret(parts, String(written), path, shown)]
  return [{ path: shown, ...settled(parts, written, path) }]
}

/** The defaults below a section that is not written. */
function defaults(schema: JsonSchema, value: unknown, shown: string): Value[] {
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>> | undefined
  if (properties === undefined) return [{ path: shown, value, origin: { kind: 'default' } }]
  return Object.entries(properties).flatMap(([name, field]) =>
    field['default'] === undefined ? [] : defaults(field, field['default'], `${shown}.${name}`),
  )
}

function secret({ file, env }: Walk, name: string, path: Path, shown: string): Value {
  const { line, column } = file.at(path)
  const isSet = (env[name] ?? '') !== ''
  return {
    path: shown.replace(/\.secret$/, ''),
    value: isSet ? HIDDEN : null,
    origin: {
      kind: 'environment',
      set: isSet ? [name] : [],
      unset: isSet ? [] : [name],
      file: file.file,
      line,
      column,
    },
  }
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** With its variables in place, as a worker would have it if it started here and now. */
function settled(
  { file, env, policy }: Walk,
  written: unknown,
  path: Path,
): { value: unknown; origin: Origin } {
  const { line, column } = file.at(path)
  const at = { file: file.file, line, column }
  if (policy !== undefined)
    return { value: written, origin: { kind: 'policy', name: policy, ...at } }
  // In expressions `${…}` is JavaScript.
  if (typeof written !== 'string' || !hasVariable(written) || !isSetting(path))
    return { value: written, origin: { kind: 'file', ...at } }
  const set: string[] = []
  const unset: string[] = []
  const value = written.replaceAll(VARIABLE, (_all, name: string, fallback: string | undefined) => {
    const given = env[name] ?? ''
    ;(given === '' ? unset : set).push(name)
    return given === '' ? (fallback ?? '') : withoutCredentials(given)
  })
  return { value, origin: { kind: 'environment', set, unset, ...at } }
}

/** What stands before an @ is mostly a password. */
const withoutCredentials = (text: string) => text.replaceAll(/[^\s,]*@/g, `${HIDDEN}@`)

const isSetting = (path: Path) =>
  ['connections', 'profile', 'prefix', 'audit'].includes(String(path[0]))
