// What stands in a cache: the value and what we note about it, as one JSON text or as the fields of a hash.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { CachePlan } from '../core/plan.ts'
import { isGenerations, type Generation } from './cache-tags.ts'

export interface Entry {
  /** `null` can mean that there is none, and that this is known. */
  readonly value: unknown
  /** The trace that filled it. */
  readonly traceparent?: string
  /** Milliseconds since the epoch, by the clock of the writer; from then on it is stale. Left out: never before it expires. */
  readonly freshUntil?: number
  /** What it is about, and under which generation of each it was loaded. */
  readonly tags?: readonly Generation[]
}

/** A value as it is to be stored, and for how long: never longer than the plan says. */
export function lifeOf(
  { ttlMs, jitter, staleMs, absentMs }: CachePlan,
  value: unknown,
  { clock, random }: Pick<World, 'clock' | 'random'>,
): { readonly entry: Entry; readonly ttlMs: number } {
  const isAbsent = value === null && absentMs !== undefined
  const longest = isAbsent ? absentMs : ttlMs
  const life = jitter === 0 ? longest : longest * (1 - (jitter / 100) * random.next())
  if (isAbsent || staleMs === 0) return { entry: { value }, ttlMs: life }
  return { entry: { value, freshUntil: clock.now() + life }, ttlMs: life + staleMs }
}

/** No entry of the cache lives longer. */
export const longestLifeMs = ({ ttlMs, staleMs, absentMs = 0 }: CachePlan): number =>
  Math.max(ttlMs + staleMs, absentMs)

export const textOf = (entry: Entry): string => JSON.stringify(entry)

/** Undefined for what is no entry with a value that fits. */
export function entryOfText(text: string, fits: Check): Entry | undefined {
  const entry = parsed(text)
  return isObject(entry) && fits(entry['value']) === undefined
    ? noted(entry, entry['value'])
    : undefined
}

/** Holds what is not the value's; a property whose name starts with it gets one more. */
const NOTES = '~'

/** One field for each property, as JSON, and one for the notes. `value` is an object or null. */
export function fieldsOf({ value, ...notes }: Entry): Map<string, string> {
  const fields = new Map<string, string>()
  fields.set(NOTES, JSON.stringify(value === null ? { ...notes, absent: true } : notes))
  for (const [name, part] of Object.entries(value ?? {})) {
    const text = JSON.stringify(part) as string | undefined
    if (text !== undefined) fields.set(name.startsWith(NOTES) ? NOTES + name : name, text)
  }
  return fields
}

/** Undefined for what is no entry with a value that fits. */
export function entryOfFields(fields: ReadonlyMap<string, string>, fits: Check): Entry | undefined {
  const notes = parsed(fields.get(NOTES) ?? '{}')
  if (!isObject(notes)) return undefined
  const value = notes['absent'] === true ? null : propertiesOf(fields)
  return fits(value) === undefined ? noted(notes, value) : undefined
}

/** A field that is no JSON is left as undefined, which fits no schema that asks for it. */
function propertiesOf(fields: ReadonlyMap<string, string>): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const [field, text] of fields)
    if (field !== NOTES)
      // Not by assignment: `__proto__` is a name like any other.
      Object.defineProperty(value, field.startsWith(NOTES) ? field.slice(1) : field, {
        value: parsed(text),
        enumerable: true,
        configurable: true,
        writable: true,
      })
  return value
}

/** What others may have written is believed only where it has the right type. */
function noted({ traceparent, freshUntil, tags }: Record<string, unknown>, value: unknown): Entry {
  return {
    value,
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof freshUntil === 'number' ? { freshUntil } : {}),
    ...(isGenerations(tags) ? { tags } : {}),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
