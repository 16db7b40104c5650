// The form of a stored value, which readers of any language rely on: where it stands, and what the fields of a hash are.
import type { Store } from './contract.ts'

/** Redis Cluster reads braces as the part of a key that places it: the marks beside a value need that part for themselves. */
export const storeKey = ({ address }: Pick<Store, 'address'>, key: string): string =>
  address + key.replace(/[%{}]/g, encodeURIComponent)

/** A property of the JSON object each, as JSON. */
export const hashFields = (json: string): (readonly [field: string, text: string])[] =>
  Object.entries(JSON.parse(json) as Record<string, unknown>).map(([field, part]) => [
    field,
    JSON.stringify(part),
  ])
