// Compares a value with what was written, matchers included, and says each place where they differ.
import { isDeepStrictEqual } from 'node:util'

/** JSON that may hold matchers: maps whose one key begins with `$`. */
export type Pattern = unknown

export type Matcher =
  | { readonly kind: 'any' }
  | { readonly kind: 'approx'; readonly value: number; readonly within: number }
  | { readonly kind: 'pattern'; readonly text: RegExp }

export interface Difference {
  readonly path: readonly (string | number)[]
  /** Undefined: nothing should be there. */
  readonly expected: unknown
  /** Undefined: nothing is there. */
  readonly actual: unknown
}

export const MATCHERS = ['$any', '$approx', '$pattern'] as const

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys that begin with `$` belong to matchers, wherever they stand in an expectation. */
export const looksLikeMatcher = (pattern: Pattern): pattern is Record<string, unknown> =>
  isMap(pattern) && Object.keys(pattern).some((key) => key.startsWith('$'))

/** The matcher, or what is wrong with it. */
export function readMatcher(pattern: Readonly<Record<string, unknown>>): Matcher | string {
  const [name = '', second] = Object.keys(pattern)
  if (second !== undefined) return 'a matcher stands alone in its map'
  const body = pattern[name]
  switch (name) {
    case '$any':
      return body === true ? { kind: 'any' } : '$any is written { $any: true }'
    case '$approx': {
      const { value, within, ...more } = isMap(body) ? body : {}
      const fine = typeof value === 'number' && typeof within === 'number' && within >= 0
      if (!fine || Object.keys(more).length > 0)
        return '$approx is written { $approx: { value: 0.93, within: 0.01 } }'
      return { kind: 'approx', value, within }
    }
    case '$pattern':
      if (typeof body !== 'string') return '$pattern is written { $pattern: text }'
      try {
        return { kind: 'pattern', text: new RegExp(body, 'u') }
      } catch (error) {
        return (error as Error).message
      }
    default:
      return `there is no matcher "${name}"`
  }
}

/**
 * Where `actual` is not as written. `part`: fields of maps that are not written may be there, at every depth; lists are
 * compared whole. A matcher that cannot be read fits nothing.
 */
export function differences(pattern: Pattern, actual: unknown, part: boolean): Difference[] {
  const found: Difference[] = []
  compare(pattern, actual, [], part, found)
  return found
}

function compare(
  pattern: Pattern,
  actual: unknown,
  path: readonly (string | number)[],
  part: boolean,
  found: Difference[],
): void {
  const differ = () => found.push({ path, expected: pattern, actual })
  if (looksLikeMatcher(pattern)) {
    if (!fits(readMatcher(pattern), actual)) differ()
  } else if (isMap(pattern) && isMap(actual)) {
    for (const name of Object.keys(pattern))
      compare(pattern[name], own(actual, name), [...path, name], part, found)
    if (part) return
    for (const name of Object.keys(actual))
      if (!Object.hasOwn(pattern, name))
        found.push({ path: [...path, name], expected: undefined, actual: actual[name] })
  } else if (Array.isArray(pattern) && Array.isArray(actual)) {
    const longer = Math.max(pattern.length, actual.length)
    for (let index = 0; index < longer; index++)
      if (index >= pattern.length)
        found.push({ path: [...path, index], expected: undefined, actual: actual[index] })
      else compare(pattern[index], actual[index], [...path, index], part, found)
  } else if (!isDeepStrictEqual(pattern, actual)) differ()
}

const own = (map: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(map, name) ? map[name] : undefined

function fits(matcher: Matcher | string, actual: unknown): boolean {
  if (typeof matcher === 'string') return false
  switch (matcher.kind) {
    case 'any':
      return actual !== undefined
    case 'approx':
      return typeof actual === 'number' && Math.abs(actual - matcher.value) <= matcher.within
    case 'pattern':
      return typeof actual === 'string' && matcher.text.test(actual)
  }
}
