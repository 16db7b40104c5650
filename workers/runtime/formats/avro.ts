// Values in Avro: read with the schema they were written with and resolved to that of their topic, written with the topic's own.
import stringify from 'safe-stable-stringify'
import { parseAvro, type AvroType } from '../../compile/avro/library.ts'
import { holdsNothings, shapeOf, type Shape } from '../../compile/avro/shape.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type { FoundSchema } from '../../core/registry.ts'
import { invalid } from '../invalid.ts'
import { assertValue } from './avro-bytes.ts'
import { plainOfAvro } from './avro-plain.ts'
import { assertKind, type Payload, type ReadPayload } from './payload.ts'

/** `text`: the topic's own, which the compiler has seen to hold what its JSON Schema describes. */
export function avroPayload(topic: string, text: string): Payload {
  const own = parseAvro(text)
  const shape = shapeOf(own)
  return {
    kind: 'AVRO',
    schema: stringify(JSON.parse(text)) as string,
    reader(found, id) {
      assertKind(found, 'AVRO', id)
      return readerOf(own, shape, found, id)
    },
    write(json) {
      const value = JSON.parse(Buffer.from(json).toString()) as unknown
      assertFits(topic, own, value)
      return own.toBuffer(value)
    },
    plain(payload) {
      assertValue(shape, payload)
      return Buffer.from(JSON.stringify(plainOfAvro(shape, own.fromBuffer(bufferOf(payload)))))
    },
  }
}

function readerOf(own: AvroType, shape: Shape, found: FoundSchema, id: number): ReadPayload {
  let writer: AvroType
  try {
    writer = parseAvro(found.text)
  } catch (cause) {
    throw invalid('SLU5014', `schema ${id} cannot be read: ${said(cause)}`, cause)
  }
  const written = shapeOf(writer)
  if (holdsNothings(written))
    throw invalid('SLU5014', `schema ${id} has a list whose items take no bytes`)
  let resolver: ReturnType<AvroType['createResolver']>
  try {
    resolver = own.createResolver(writer)
  } catch (cause) {
    throw invalid(
      'SLU5015',
      `schema ${id} does not resolve to that of the topic: ${said(cause)}`,
      cause,
    )
  }
  return (payload) => {
    assertValue(written, payload)
    let value: unknown
    try {
      value = own.fromBuffer(bufferOf(payload), resolver)
    } catch (cause) {
      // A long that no number holds, for one.
      throw invalid('SLU5016', `the value cannot be read: ${said(cause)}`, cause)
    }
    return plainOfAvro(shape, value)
  }
}

/** What is left out because it has no field would be lost without a word. */
function assertFits(topic: string, own: AvroType, value: unknown): void {
  let where: string | undefined
  const fits = own.isValid(value, {
    noUndeclaredFields: true,
    errorHook(path) {
      where ??= path.join('.')
    },
  })
  if (fits) return
  throw new SluiceError('SLU5017', {
    message: `${where === undefined || where === '' ? 'the value' : where.slice(0, 120)} has no place in the Avro schema of topic ${topic}`,
  })
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

/** The library quotes whole schemas. */
const said = (cause: unknown): string => asError(cause).message.slice(0, 200)
