// The one door to the Avro library, opened by fleets that have Avro only: it takes a tenth of a second to load.
import { createRequire } from 'node:module'
import type Avro from 'avsc'

export type AvroType = Avro.Type

let library: typeof Avro | undefined

/** Throws for what is no Avro schema. Unions of what JSON tells apart are unwrapped. */
export function parseAvro(text: string): AvroType {
  library ??= createRequire(import.meta.url)('avsc') as typeof Avro
  const schema = JSON.parse(text) as Parameters<typeof Avro.Type.forSchema>[0]
  return library.Type.forSchema(schema, { omitRecordMethods: true, registry: {} })
}
