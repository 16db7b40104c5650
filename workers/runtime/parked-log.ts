// The copy of a message of a topic that waits for another attempt: the same bytes, and where it came from.
import type { OutMessage } from '../core/contract.ts'
import type { LogMessage, ParkedLog, PlacedMessage } from '../core/message.ts'
import { parkedFields, parkedHeaders, withoutOwn, type CopyParts } from './parked-headers.ts'

type Place = Pick<ParkedLog, 'topic' | 'partition' | 'offset'>

export function parkedLog(message: PlacedMessage, from: Place, parts: CopyParts): OutMessage {
  const { key, value, headers, timestamp } = message
  const { id, now, delayMs } = parts
  return {
    id,
    key,
    value,
    headers: parkedHeaders(headers, parts, {
      topic: from.topic,
      partition: String(from.partition),
      offset: String(from.offset),
      timestamp: String(timestamp),
      due: String(now + delayMs),
    }),
    timestamp: now,
    contentType: 'application/octet-stream',
  }
}

export interface Returned {
  readonly message: LogMessage
  /** Wall clock, milliseconds. */
  readonly dueAt: number
}

/** The message as it was, in the place of its copy. What was put there by hand is due. */
export function returnedLog(copy: PlacedMessage, topic: string, partition: number): Returned {
  const { key, value, offset, headers } = copy
  const { parked, text, number } = parkedFields(headers)
  const from: ParkedLog = {
    ...parked,
    topic: text('topic') ?? topic,
    partition: number('partition') ?? partition,
    offset: number('offset') ?? offset,
  }
  const timestamp = number('timestamp') ?? copy.timestamp
  const message = { key, value, headers: withoutOwn(headers), timestamp, offset, parked: from }
  return { message, dueAt: number('due') ?? 0 }
}
