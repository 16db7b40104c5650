// The kinds of JSON values; `number` is split, so that `integer` is a part of it.
import type { Raw } from '../raw.ts'

export type Kind = 'null' | 'boolean' | 'object' | 'array' | 'string' | 'integer' | 'fraction'
export type Kinds = ReadonlySet<Kind>

export const ALL: Kinds = new Set<Kind>([
  'null',
  'boolean',
  'object',
  'array',
  'string',
  'integer',
  'fraction',
])

/** Kinds that no keyword tells apart by their fields: a choice between alternatives is made for each. */
export const APART: readonly Kinds[] = [
  ...(['null', 'boolean', 'object', 'array', 'string'] as const).map((kind) => new Set([kind])),
  new Set<Kind>(['integer', 'fraction']),
]

/** What `type` takes. */
export function kindsOf({ type, nullable }: Raw): Kinds {
  if (type === undefined) return ALL
  const names = [...(Array.isArray(type) ? (type as unknown[]) : [type])]
  if (nullable === true) names.push('null')
  return new Set(
    names.flatMap((name): Kind[] => (name === 'number' ? ['integer', 'fraction'] : [name as Kind])),
  )
}

export const both = (a: Kinds, b: Kinds): Kinds => new Set([...a].filter((kind) => b.has(kind)))
export const without = (a: Kinds, b: Kinds): Kinds => new Set([...a].filter((kind) => !b.has(kind)))

/** As JSON Schema calls them. */
export function namesOf(kinds: Kinds): string {
  const names = [...kinds]
    .filter((kind) => kind !== 'fraction' || !kinds.has('integer'))
    .map((kind) =>
      kind === 'fraction'
        ? 'a fraction'
        : kind === 'integer' && kinds.has('fraction')
          ? 'number'
          : kind,
    )
  return names.join(', ')
}
