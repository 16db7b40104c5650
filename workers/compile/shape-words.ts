// Words for what a grammar refuses: what was written, what must stand there, and an example.
import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Code } from '../core/codes.ts'
import type { Bounds } from './grammar/parts.ts'
import { hasVariable } from './settings.ts'
import { didYouMean, nearest } from './suggest.ts'
import type { Path } from './yaml-file.ts'

export interface Words {
  readonly code: Code
  readonly message: string
  readonly hint: string
  /** Set: the fault is a key, the one at this path below the value. */
  readonly key?: Path
}

interface Described {
  readonly description?: string
  readonly examples?: readonly (string | number)[]
  readonly properties?: Readonly<Record<string, Described>>
  readonly isExpression?: boolean
  readonly bounds?: Bounds
  readonly exactlyOne?: readonly string[]
}

const NO_VARIABLE =
  'variables stand in connections, profile and prefix: the plan is the same in every environment'

/** `path` leads from the file to the value that `error` is about. */
export function wordsFor(error: ErrorObject, path: Path): Words {
  const field = nameOf(path)
  const schema = (error.parentSchema ?? {}) as Described
  const params = error.params as Record<string, unknown>
  const { data } = error
  if (error.propertyName !== undefined) return badName(error.propertyName)
  // The form is the fault, and the variable the reason.
  const variable = typeof data === 'string' && hasVariable(data) && schema.isExpression !== true
  const about = variable ? NO_VARIABLE : hintOf(field, schema)
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(String(params['additionalProperty']), path, schema, data)
    case 'required':
      return missingField(String(params['missingProperty']), path, schema)
    case 'type': {
      const wanted = [params['type']].flat().map((type) => TYPES[String(type)] ?? String(type))
      const message = `${field} is ${kindOf(data)}, and must be ${wanted.join(' or ')}`
      return { code: 'SLU0203', message, hint: about }
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String)
      const message = `${field} is ${shown(data)}, and must be ${list(allowed)}`
      const hint = variable ? about : didYouMean(String(data), allowed)
      return { code: 'SLU0204', message, hint }
    }
    case 'minimum':
    case 'maximum':
    case 'bounds': {
      const message = `${field} is ${shown(data)}, and must be ${limitOf(error, schema)}`
      return { code: 'SLU0205', message, hint: about }
    }
    case 'minLength':
    case 'minItems':
      return { code: 'SLU0207', message: `${field} is empty`, hint: about }
    case 'maxLength': {
      const message = `${field} is longer than ${String(params['limit'])} characters`
      return { code: 'SLU0206', message, hint: about }
    }
    case 'pattern': {
      const message = `${field} is ${shown(data)}, which is not of the right form`
      return { code: 'SLU0206', message, hint: about }
    }
    case 'exactlyOne':
      return notOne(path, schema.exactlyOne ?? [], data)
    case 'uniqueItems': {
      const hint = 'name each once'
      return { code: 'SLU0207', message: `${field} holds the same twice`, hint }
    }
    default: {
      const message = `${field} ${error.message ?? 'is wrong'}`
      return { code: 'SLU0207', message, hint: about }
    }
  }
}

/** The field that an unknown one was probably to be. */
export function meantBy({ parentSchema, params, data }: ErrorObject): string | undefined {
  const key = String((params as Record<string, unknown>)['additionalProperty'])
  return nearest(key, freeFields((parentSchema ?? {}) as Described, data))
}

const freeFields = ({ properties }: Described, written: unknown): string[] =>
  Object.keys(properties ?? {}).filter((field) => !Object.hasOwn(Object(written) as object, field))

function unknownField(key: string, path: Path, schema: Described, data: unknown): Words {
  const free = freeFields(schema, data)
  const message = `unknown field ${shown(key)}${below(path)}`
  return { code: 'SLU0201', key: [key], message, hint: didYouMean(key, free) }
}

function notOne(path: Path, fields: readonly string[], data: unknown): Words {
  const written = fields.filter((field) => Object.hasOwn((data ?? {}) as object, field))
  const [, second] = written
  const hint = `exactly one of ${fields.join(', ')}`
  if (second === undefined) {
    const message = `none of ${fields.join(', ')}${below(path)}`
    return { code: 'SLU0350', message, hint }
  }
  return { code: 'SLU0350', key: [second], message: `${written.join(' and ')}${below(path)}`, hint }
}

function missingField(key: string, path: Path, schema: Described): Words {
  const field = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined
  const hint = `add ${key}: ${field?.description ?? ''}`.trim()
  const message = `"${key}" is missing${below(path)}`
  const words: Words = { code: 'SLU0202', message, hint }
  return path.length === 0 ? words : { ...words, key: [] }
}

const badName = (name: string): Words => ({
  code: 'SLU0206',
  key: [name],
  message: `${shown(name)} is no name`,
  hint: 'letters, digits, dot, underscore and hyphen; begins with a letter or digit; 200 at most',
})

function limitOf({ keyword, params }: ErrorObject, { bounds }: Described): string {
  if (keyword === 'bounds') return `from ${bounds?.least} to ${bounds?.most}`
  const limit = String((params as Record<string, unknown>)['limit'])
  return keyword === 'minimum' ? `at least ${limit}` : `at most ${limit}`
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'string') return `the text ${shown(value)}`
  return shown(value)
}

/** The last name on the way; places in lists are no names. */
function nameOf(path: Path): string {
  const names = path.filter((part) => typeof part === 'string' && !/^[0-9]+$/.test(part))
  return path.length === 0 ? 'the file' : `"${String(names.at(-1) ?? path.at(-1)).slice(0, 60)}"`
}

const below = (path: Path) => (path.length === 0 ? '' : ` in ${nameOf(path)}`)

function hintOf(field: string, { description, examples }: Described): string {
  const example = examples?.[0] === undefined ? '' : ` For example: ${String(examples[0])}`
  return `${field.replaceAll('"', '')}: ${description ?? 'see the schema'}${example}`
}

const list = (values: readonly string[]) =>
  values.length === 1 ? `"${values[0]}"` : `one of ${values.join(', ')}`

function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
