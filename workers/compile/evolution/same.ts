// Whether two schemas say the same, whatever they are called and however they are described.
import { isDeepStrictEqual } from 'node:util'
import type { Raw } from '../raw.ts'
import type { Node } from './document.ts'

/** Keywords that no value can fail. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$defs',
  'definitions',
  '$comment',
  '$vocabulary',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
])
const HOLDS_SCHEMA: ReadonlySet<string> = new Set([
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'unevaluatedItems',
  'items',
  'contains',
  'not',
  'if',
  'then',
  'else',
])
const HOLDS_NAMED: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
])
const HOLDS_LIST: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const IN_ANY_ORDER: ReadonlySet<string> = new Set(['required', 'type'])
/** What they mean is decided while a value is checked. */
const DYNAMIC: ReadonlySet<string> = new Set(['$dynamicRef', '$dynamicAnchor'])

type Seen = ReadonlySet<string>

export const meaningful = (schema: Raw): string[] =>
  Object.keys(schema).filter((key) => !SAYS_NOTHING.has(key))

export function sameSchema(a: Node, b: Node, seen: Seen = new Set()): boolean {
  if (a === b) return true
  const { schema: left } = a
  const { schema: right } = b
  if (typeof left === 'boolean' || typeof right === 'boolean') return left === right
  const keys = meaningful(left)
  return (
    keys.length === meaningful(right).length && keys.every((key) => sameKeyword(a, b, key, seen))
  )
}

/** True also when neither has it. */
export function sameKeyword(a: Node, b: Node, key: string, seen: Seen = new Set()): boolean {
  const left = (a.schema as Raw)[key]
  const right = (b.schema as Raw)[key]
  if (left === undefined || right === undefined) return left === right
  if (DYNAMIC.has(key)) return false
  if (key === '$ref') return sameTarget(a, b, seen)
  if (HOLDS_SCHEMA.has(key)) return sameBelow(a, b, [key], seen)
  if (HOLDS_NAMED.has(key) || HOLDS_LIST.has(key)) {
    const names = Object.keys(left as object)
    return (
      names.length === Object.keys(right as object).length &&
      names.every((name) => sameBelow(a, b, [key, name], seen))
    )
  }
  if (IN_ANY_ORDER.has(key)) return isDeepStrictEqual(sorted(left), sorted(right))
  return isDeepStrictEqual(left, right)
}

function sameBelow(a: Node, b: Node, path: readonly string[], seen: Seen): boolean {
  const left = a.doc.below(a, ...path)
  const right = b.doc.below(b, ...path)
  return left !== undefined && right !== undefined && sameSchema(left, right, seen)
}

/** References may run in a circle: what is being compared already is no difference. */
function sameTarget(a: Node, b: Node, seen: Seen): boolean {
  const left = a.doc.resolve((a.schema as Raw)['$ref'])
  const right = b.doc.resolve((b.schema as Raw)['$ref'])
  if (left === undefined || right === undefined) return false
  const pair = JSON.stringify([left.path, right.path])
  return seen.has(pair) || sameSchema(left, right, new Set([...seen, pair]))
}

const sorted = (value: unknown) => (Array.isArray(value) ? value.map(String).toSorted() : [value])
