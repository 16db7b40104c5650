// What stands behind the frame of a value: how it is read with the schema it was written with, and how ours is written.
import stringify from 'safe-stable-stringify'
import type { FoundSchema, SchemaKind } from '../../core/registry.ts'
import { invalid } from '../invalid.ts'
import { parseValue } from '../parse-value.ts'
import { dialectOf } from './dialect.ts'
import { schemaIdOf, unframed } from './wire-format.ts'

/** Throws errors of class invalid alone. */
export type ReadPayload = (payload: Uint8Array, maxBytes: number) => unknown

export interface Payload {
  readonly kind: SchemaKind
  /** The schema of the topic as it is registered. */
  readonly schema: string
  /** Throws errors of class invalid alone: no value with that schema can be read. `id` is for people. */
  reader(found: FoundSchema, id: number): ReadPayload
  /** `json`: what fits the topic's JSON Schema. Throws SLU5017 for what its other schema has no place for. */
  write(json: Uint8Array): Uint8Array
  /** What `write` made, as JSON again. */
  plain(payload: Uint8Array): Uint8Array
}

/** What a value of ours says, as JSON; undefined for what was not written so. Asks nobody. */
export function plainOf(payload: Payload, value: Uint8Array): Uint8Array | undefined {
  try {
    schemaIdOf(value)
    return payload.plain(unframed(value))
  } catch {
    return undefined
  }
}

/** Whether `value` is what becomes of that JSON on its way, whichever number its schema has there. */
export function isWritten(payload: Payload, json: Uint8Array, value: Uint8Array): boolean {
  try {
    return Buffer.compare(payload.write(json), unframed(value)) === 0
  } catch {
    return false
  }
}

/** Throws SLU5013 or SLU5014 for a schema that is no use here. */
export function assertKind(found: FoundSchema, kind: SchemaKind, id: number): void {
  if (found.kind !== kind)
    throw invalid('SLU5013', `schema ${id} is ${found.kind}, and the topic holds ${kind}`)
  if (found.refers) throw invalid('SLU5014', `schema ${id} refers to other schemas of the registry`)
}

/** A value is JSON that fits the topic's own schema, whichever version of it the sender had. */
export const jsonPayload = (schema: object): Payload => ({
  kind: 'JSON',
  schema: stringify({ $schema: dialectOf(schema), ...schema }) as string,
  reader(found, id) {
    assertKind(found, 'JSON', id)
    return parseValue
  },
  write: (json) => json,
  plain: (payload) => payload,
})
