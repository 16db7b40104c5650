// Turns a message into AMQP properties; never lets a message's own headers steer the broker.
import { isUtf8 } from 'node:buffer'
import type { Options } from 'amqplib'
import type { OutMessage, ReplyTo } from '../../core/contract.ts'
import type { HeaderValue, Headers } from '../../core/message.ts'

/** AMQP has no keys: the key of the message as text. */
export const KEY_HEADER = 'sluice-key'

/**
 * RabbitMQ routes copies by the first two, and closes the channel over a malformed one. By the third it drops what came round,
 * and one of another form wedges the queue in which it expires. `__proto__` is no name for a property. And nobody's header is the key of
 * a message that has none.
 */
const STEERING = new Set(['CC', 'BCC', 'x-death', '__proto__', KEY_HEADER])

/** An AMQP body is never absent: a null value travels as an empty one. */
export function bodyOf({ value }: OutMessage): Buffer {
  return value === null ? Buffer.alloc(0) : asBuffer(value)
}

export function propertiesOf(message: OutMessage): Options.Publish {
  const headers = headersOf(message.headers)
  if (message.key !== null) headers[KEY_HEADER] = textOrBytes(message.key)
  return {
    mandatory: true,
    persistent: true,
    messageId: message.id,
    contentType: message.contentType,
    ...(message.type === undefined ? {} : { type: message.type }),
    ...(message.source === undefined ? {} : { appId: message.source }),
    ...(message.replyTo === undefined ? {} : asked(message.replyTo)),
    timestamp: seconds(message.timestamp),
    headers,
  }
}

const asked = ({ queue: replyTo, correlationId }: ReplyTo) =>
  correlationId === undefined ? { replyTo } : { replyTo, correlationId }

function headersOf(headers: Headers): Record<string, unknown> {
  const table: Record<string, unknown> = {}
  for (const name of Object.keys(headers))
    if (!STEERING.has(name)) table[name] = fieldOf(headers[name] as HeaderValue)
  return table
}

function fieldOf(value: HeaderValue): unknown {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? textOrBytes(value) : value.map(fieldOf)
}

/** Kafka's headers and keys are bytes that mostly are text; AMQP clients expect text to be text. */
function textOrBytes(bytes: Uint8Array): string | Buffer {
  const buffer = asBuffer(bytes)
  return isUtf8(buffer) ? buffer.toString('utf8') : buffer
}

function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** AMQP timestamps are whole seconds and never negative. */
function seconds(ms: number): number {
  return Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 1_000)) : 0
}

/** A stream drops a header that appears more than once as a whole: the first of it stays. */
export function forStream(message: OutMessage): OutMessage {
  const first = (value: HeaderValue): HeaderValue =>
    typeof value === 'string' || value instanceof Uint8Array ? value : (value[0] ?? '')
  const headers = Object.entries(message.headers).map(([name, value]) => [name, first(value)])
  return { ...message, headers: Object.fromEntries(headers) as Headers }
}
