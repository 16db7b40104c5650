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
  // A name may be `__proto__`, which is no name to assign to.
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' || value instanceof Uint8Array ? part(value) : value.map(part),
    ]),
  )
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

/** kafkajs asks for an earlier value of each name, and takes for one what every object inherits: `constructor`, `toString` … */
function fromHeaders(headers: Record<string, Foreign> | undefined): Headers {
  if (headers === undefined) return {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value === null) headers[name] = NOTHING
    else if (Array.isArray(value)) {
      const parts = value.map((each: Buffer | null) => each ?? NOTHING)
      const own = name in Object.prototype ? parts.slice(1) : parts
      headers[name] = own.length === 1 ? (own[0] as Buffer) : own
    }
  }
  return headers as Record<string, HeaderValue>
}
