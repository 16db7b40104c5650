// Where two values differ, field by field, without what is to be ignored.

export type Path = readonly string[]

export interface FieldDifference {
  /** `value.score`, `headers.tenant`. */
  readonly path: string
  /** Undefined: it is not there. */
  readonly a: unknown
  readonly b: unknown
}

/** `value.items.*.at`: a path and all below it; `*` is any one name or place. */
export const ignoring = (paths: readonly string[]): ((path: Path) => boolean) => {
  const patterns = paths.map((path) => path.split('.'))
  return (path) =>
    patterns.some(
      (pattern) =>
        pattern.length <= path.length &&
        pattern.every((segment, at) => segment === '*' || segment === path[at]),
    )
}

export function differences(
  a: unknown,
  b: unknown,
  ignored: (path: Path) => boolean,
  path: Path = [],
): FieldDifference[] {
  if (Object.is(a, b) || ignored(path)) return []
  if (!isNested(a) || !isNested(b) || Array.isArray(a) !== Array.isArray(b))
    return [{ path: path.join('.'), a, b }]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
    differences(own(a, name), own(b, name), ignored, [...path, name]),
  )
}

/** A copy without what is ignored. */
export function without(
  value: unknown,
  ignored: (path: Path) => boolean,
  path: Path = [],
): unknown {
  if (!isNested(value)) return value
  const left = Object.entries(value).flatMap(([name, inner]) => {
    const at = [...path, name]
    return ignored(at) ? [] : [[name, without(inner, ignored, at)] as const]
  })
  return Array.isArray(value) ? left.map(([, inner]) => inner) : Object.fromEntries(left)
}

const isNested = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const own = (value: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined
