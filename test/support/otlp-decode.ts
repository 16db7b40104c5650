// Reads OTLP trace requests, JSON and protobuf, into plain spans; independent of the code that wrote them.
import type { ReceivedSpan, ReceivedValue } from './otlp-receiver.ts'

export function decodeTraces(body: Uint8Array, json: boolean): ReceivedSpan[] {
  return json ? fromJson(JSON.parse(Buffer.from(body).toString('utf8'))) : fromProtobuf(body)
}

// ---------------------------------------------------------------- protobuf

/** One field of a message: varints as bigint, everything else as the bytes it stands on. */
interface Field {
  readonly number: number
  readonly int: bigint
  readonly bytes: Uint8Array
}

const NO_BYTES = new Uint8Array()

function* fields(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
  }
  while (at < message.length) {
    const tag = Number(varint())
    const number = tag >>> 3
    const wire = tag & 7
    if (wire === 0) {
      yield { number, int: varint(), bytes: NO_BYTES }
      continue
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? Number(varint()) : Number.NaN
    if (!(at + length <= message.length)) throw new Error(`malformed protobuf, wire type ${wire}`)
    yield { number, int: 0n, bytes: message.subarray(at, at + length) }
    at += length
  }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const fixed64 = (bytes: Uint8Array) => Buffer.from(bytes).readBigUInt64LE()

function fromProtobuf(body: Uint8Array): ReceivedSpan[] {
  const spans: ReceivedSpan[] = []
  for (const resourceSpans of fields(body)) {
    let resource: Record<string, ReceivedValue> = {}
    for (const part of fields(resourceSpans.bytes)) {
      if (part.number === 1) resource = attributesIn(part.bytes, 1)
      if (part.number !== 2) continue
      for (const { number, bytes } of fields(part.bytes))
        if (number === 2) spans.push(spanFrom(bytes, resource))
    }
  }
  return spans
}

function attributesIn(message: Uint8Array, field: number): Record<string, ReceivedValue> {
  const attributes: Record<string, ReceivedValue> = {}
  for (const { number, bytes } of fields(message)) {
    if (number !== field) continue
    let key = ''
    for (const pair of fields(bytes)) {
      if (pair.number === 1) key = text(pair.bytes)
      else attributes[key] = anyValue(pair.bytes)
    }
  }
  return attributes
}

function anyValue(message: Uint8Array): ReceivedValue {
  for (const { number, int, bytes } of fields(message)) {
    if (number === 1) return text(bytes)
    if (number === 2) return int !== 0n
    if (number === 3) return Number(BigInt.asIntN(64, int))
    if (number === 4) return Buffer.from(bytes).readDoubleLE()
    if (number === 5) return [...fields(bytes)].map((item) => anyValue(item.bytes))
  }
  return undefined
}

function spanFrom(message: Uint8Array, resource: ReceivedSpan['resource']): ReceivedSpan {
  const single = new Map<number, Field>()
  const events: ReceivedSpan['events'][number][] = []
  const links: ReceivedSpan['links'][number][] = []
  for (const field of fields(message)) {
    if (field.number === 11) {
      const name = [...fields(field.bytes)].find(({ number }) => number === 2)
      events.push({ name: text(name?.bytes ?? NO_BYTES), attributes: attributesIn(field.bytes, 3) })
    } else if (field.number === 13) {
      const parts = new Map([...fields(field.bytes)].map((part) => [part.number, part.bytes]))
      links.push({ traceId: hex(parts.get(1) ?? NO_BYTES), spanId: hex(parts.get(2) ?? NO_BYTES) })
    } else single.set(field.number, field)
  }
  const bytes = (number: number) => single.get(number)?.bytes ?? NO_BYTES
  const status = new Map([...fields(bytes(15))].map((part) => [part.number, part]))
  return {
    traceId: hex(bytes(1)),
    spanId: hex(bytes(2)),
    tracestate: text(bytes(3)),
    parentSpanId: hex(bytes(4)),
    name: text(bytes(5)),
    kind: Number(single.get(6)?.int ?? 0n),
    startNs: fixed64(bytes(7)),
    endNs: fixed64(bytes(8)),
    attributes: attributesIn(message, 9),
    events,
    links,
    status: {
      code: Number(status.get(3)?.int ?? 0n),
      message: text(status.get(2)?.bytes ?? NO_BYTES),
    },
    resource,
  }
}

// ---------------------------------------------------------------- JSON

interface JsonAny {
  stringValue?: string
  boolValue?: boolean
  intValue?: number | string
  doubleValue?: number
  arrayValue?: { values?: JsonAny[] }
}
type JsonAttributes = readonly { key: string; value: JsonAny }[] | undefined
interface JsonSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  traceState?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes?: JsonAttributes
  events?: { name: string; attributes?: JsonAttributes }[]
  links?: { traceId: string; spanId: string }[]
  status?: { code?: number; message?: string }
}
interface JsonRequest {
  resourceSpans: {
    resource?: { attributes?: JsonAttributes }
    scopeSpans: { spans: JsonSpan[] }[]
  }[]
}

function fromJson(body: unknown): ReceivedSpan[] {
  return (body as JsonRequest).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = jsonAttributes(resource?.attributes)
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => jsonSpan(span, attributes)))
  })
}

function jsonSpan(span: JsonSpan, resource: ReceivedSpan['resource']): ReceivedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    tracestate: span.traceState ?? '',
    name: span.name,
    kind: span.kind,
    startNs: BigInt(span.startTimeUnixNano),
    endNs: BigInt(span.endTimeUnixNano),
    attributes: jsonAttributes(span.attributes),
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      attributes: jsonAttributes(event.attributes),
    })),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
    resource,
  }
}

function jsonAttributes(attributes: JsonAttributes): Record<string, ReceivedValue> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, jsonValue(value)]))
}

function jsonValue(value: JsonAny): ReceivedValue {
  if (value.intValue !== undefined) return Number(value.intValue)
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(jsonValue)
  return value.stringValue ?? value.boolValue ?? value.doubleValue
}
