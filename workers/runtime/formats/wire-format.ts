// The frame that Confluent's serialisers put around a value: a zero, the id of its schema in four bytes, then the value itself.
import { invalid } from '../invalid.ts'

const MAGIC = 0
const FRAME_BYTES = 5
/** Registries count in signed numbers: asked for more, they speak of a wrong path, and never of a schema. */
const LAST_ID = 0x7f_ff_ff_ff

/** Of the schema that the value was written with. Throws SLU5003 or SLU5011. */
export function schemaIdOf(value: Uint8Array): number {
  if (value.length === 0) throw invalid('SLU5003', 'the value is empty')
  if (value[0] !== MAGIC)
    throw invalid('SLU5011', `the value begins with ${value[0]}, and not with the magic byte 0`)
  if (value.length < FRAME_BYTES)
    throw invalid('SLU5011', `the value ends after ${value.length} bytes, within its schema id`)
  const id = viewOf(value).getUint32(1)
  if (id > LAST_ID)
    throw invalid('SLU5011', `the value names the schema ${id}, and no registry counts that far`)
  return id
}

/** The value without its frame, as a view. */
export const unframed = (value: Uint8Array): Uint8Array => value.subarray(FRAME_BYTES)

export function framed(id: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES + value.length)
  viewOf(bytes).setUint32(1, id)
  bytes.set(value, FRAME_BYTES)
  return bytes
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)
