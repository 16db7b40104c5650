// The copy of a message of a queue that waits for another attempt: the same bytes and properties, and the id that it was known by.
import type { OutMessage } from '../core/contract.ts'
import type { Headers, QueueMessage } from '../core/message.ts'
import { parkedFields, parkedHeaders, withoutOwn, type CopyParts } from './parked-headers.ts'

/** RabbitMQ notes on a message where it expired. */
const DEATHS = /^x-(?:death|(?:first|last)-death-)/

/** `known`: the id that its pipeline gave to a message that came without one. Nobody waits for an answer to what is parked. */
export function parkedQueued(
  message: QueueMessage,
  known: string | undefined,
  parts: CopyParts,
): OutMessage {
  const { key, value, headers, type, source, timestamp, id = known } = message
  return {
    id: parts.id,
    key,
    value,
    headers: parkedHeaders(withoutDeaths(headers), parts, {
      timestamp: String(timestamp),
      ...(id === undefined ? {} : { id }),
    }),
    timestamp: parts.now,
    contentType: 'application/octet-stream',
    ...(type === undefined ? {} : { type }),
    ...(source === undefined ? {} : { source }),
  }
}

/** The message as it was, under the tag of its copy. */
export function returnedQueued(copy: QueueMessage): QueueMessage {
  const { replyTo: _asked, correlationId: _as, ...rest } = copy
  const { parked, text, number } = parkedFields(copy.headers)
  const id = text('id') ?? copy.id
  return {
    ...rest,
    headers: withoutOwn(withoutDeaths(copy.headers)),
    timestamp: number('timestamp') ?? copy.timestamp,
    parked,
    ...(id === undefined ? {} : { id }),
  }
}

const withoutDeaths = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !DEATHS.test(name)))
