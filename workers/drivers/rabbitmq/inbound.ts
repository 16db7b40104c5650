// Turns what AMQP delivers into a raw message: the reverse of outbound.ts. Whatever others put into a table of headers becomes text.
import type { Message } from 'amqplib'
import type { HeaderValue, Headers, RawMessage } from '../../core/message.ts'
import { KEY_HEADER } from './outbound.ts'

export function fromAmqp({ content, properties }: Message): RawMessage {
  const { [KEY_HEADER]: key, ...table } = (properties.headers ?? {}) as Record<string, unknown>
  return {
    key: key === undefined ? null : bytesOf(key),
    value: content,
    headers: headersOf(table),
    timestamp: Number(properties.timestamp ?? 0) * 1_000,
  }
}

function headersOf(table: Readonly<Record<string, unknown>>): Headers {
  const headers: Record<string, HeaderValue> = {}
  for (const [name, value] of Object.entries(table))
    headers[name] = Array.isArray(value) ? value.map(partOf) : partOf(value)
  return headers
}

function partOf(value: unknown): string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  return JSON.stringify(value) ?? ''
}

function bytesOf(key: unknown): Uint8Array {
  const part = partOf(key)
  return typeof part === 'string' ? Buffer.from(part) : part
}
