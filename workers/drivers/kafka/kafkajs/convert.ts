// Messages as kafkajs wants them and as it gives them; bytes are passed on, never copied.
import type { IHeaders, KafkaMessage, Message } from 'kafkajs'
import type { Headers, HeaderValue, LogMessage } from '../../../core/message.ts'
import type { Outgoing } from '../outgoing.ts'

export function toKafka({ key, value, headers, timestamp }: Outgoing): Message {
  return {
    key: asBuffer(key),
    value: asBuffer(value),
    headers: toHeaders(headers),
    timestamp: String(timestamp),
  }
}

/** kafkajs knows nothing but Buffers. */
function asBuffer(bytes: Uint8Array | null): Buffer | null {
  if (bytes === null || Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function toHeaders(headers: Headers): IHeaders {
  const converted: IHeaders = {}
  for (const [name, value] of Object.entries(headers))
    converted[name] =
      typeof value === 'string' || value instanceof Uint8Array ? part(value) : value.map(part)
  return converted
}

const part = (value: string | Uint8Array): string | Buffer =>
  typeof value === 'string' ? value : (asBuffer(value) as Buffer)

export function toLogMessage({ offset, key, value, headers, timestamp }: KafkaMessage): LogMessage {
  return {
    offset: Number(offset),
    key,
    value,
    headers: fromHeaders(headers as Record<string, Foreign> | undefined),
    timestamp: Number(timestamp),
  }
}

/** Other producers write null as a header's value; our port has no such thing, so it arrives empty. */
type Foreign = Buffer | null | readonly (Buffer | null)[]
const NOTHING = Buffer.alloc(0)

function fromHeaders(headers: Record<string, Foreign> | undefined): Headers {
  if (headers === undefined) return {}
  for (const name in headers) {
    const value = headers[name]
    if (value === null) headers[name] = NOTHING
    else if (Array.isArray(value)) headers[name] = value.map((each) => each ?? NOTHING)
  }
  return headers as Record<string, HeaderValue>
}
