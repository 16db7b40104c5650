// Turns what AMQP delivers into a message: the reverse of outbound.ts. Trusts none of it; whatever others put into a table of headers becomes text.
import type { ConsumeMessage, Message } from 'amqplib'
import type { HeaderValue, Headers, QueueMessage, RawMessage } from '../../core/message.ts'
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

/** `now`: milliseconds, for a sender who said no time. */
export function queueMessage(message: ConsumeMessage, now: number): QueueMessage {
  const { fields, properties } = message
  const raw = fromAmqp(message)
  return {
    ...raw,
    key: raw.key ?? routingKeyOf(fields),
    timestamp: properties.timestamp === undefined ? now : raw.timestamp,
    offset: fields.deliveryTag,
    redelivered: fields.redelivered,
    ...(fields.redelivered ? { deliveries: deliveriesOf(properties.headers) } : {}),
    ...texts({
      id: properties.messageId,
      type: properties.type,
      source: properties.appId,
      replyTo: properties.replyTo,
      correlationId: properties.correlationId,
    }),
  }
}

/** Quorum queues count them, and write nothing the first time: then anybody may have. */
function deliveriesOf(headers: Readonly<Record<string, unknown>> | undefined): number {
  const count = Number(headers?.['x-delivery-count'])
  return Number.isSafeInteger(count) && count > 0 ? count : 1
}

/** Of what went through an exchange: that of the default exchange is the queue's own name. */
const routingKeyOf = ({ exchange, routingKey }: ConsumeMessage['fields']): Uint8Array | null =>
  exchange === '' ? null : Buffer.from(routingKey)

function texts<Name extends string>(
  properties: Readonly<Record<Name, unknown>>,
): { [N in Name]?: string } {
  const said = Object.entries(properties).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  )
  return Object.fromEntries(said) as { [N in Name]?: string }
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
