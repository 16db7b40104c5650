// The form of a stored value, which readers of any language rely on: where it stands, which version it is, what the fields of a hash are.
import type { Store, StoredValue } from './contract.ts'

/** Redis Cluster reads braces as the part of a key that places it: the marks beside a value need that part for themselves. */
export const storeKey = ({ address }: Pick<Store, 'address'>, key: string): string =>
  address + key.replace(/[%{}]/g, encodeURIComponent)

/** What tells an older value from a newer one; more than this a server cannot compare. */
export const isVersion = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

/** A property of the JSON object each, as JSON. */
export const hashFields = (json: string): (readonly [field: string, text: string])[] =>
  Object.entries(JSON.parse(json) as Record<string, unknown>).map(([field, part]) => [
    field,
    JSON.stringify(part),
  ])

/** The reverse. Throws for what is no JSON. */
export function valueOf(stored: StoredValue): unknown {
  if (typeof stored === 'string') return JSON.parse(stored)
  const entries = [...stored].map(([field, text]) => [field, JSON.parse(text) as unknown] as const)
  return Object.fromEntries(entries)
}
