// The copy of a message that waits for another attempt: the same bytes, with what is to be known again in `sluice-park-*` headers.
// They are believed on topics that nobody but the runtime writes, and nowhere else.
import type { OutMessage } from '../core/contract.ts'
import {
  headerText,
  type HeaderValue,
  type Headers,
  type LogMessage,
  type Parked,
  type PlacedMessage,
} from '../core/message.ts'
import type { TraceContext } from '../core/telemetry.ts'

const PREFIX = 'sluice-park-'
const VERSION = '1'

export interface CopyParts {
  readonly id: string
  readonly parked: Parked
  /** Wall clock, milliseconds. */
  readonly dueAt: number
  readonly now: number
  readonly trace: TraceContext
}

export function parkedCopy(
  message: PlacedMessage,
  { id, parked, dueAt, now, trace }: CopyParts,
): OutMessage {
  const fields: Record<string, string> = {
    version: VERSION,
    attempt: String(parked.attempt),
    topic: parked.topic,
    partition: String(parked.partition),
    offset: String(parked.offset),
    timestamp: String(message.timestamp),
    due: String(dueAt),
    done: parked.done.join(','),
  }
  const own = Object.entries(fields).map(([name, value]) => [PREFIX + name, value] as const)
  return {
    id,
    key: message.key,
    value: message.value,
    headers: {
      ...withoutOwn(message.headers),
      ...Object.fromEntries(own),
      ...(trace as Record<string, string>),
    },
    timestamp: now,
    contentType: 'application/octet-stream',
  }
}

export interface Returned {
  readonly message: PlacedMessage
  /** Wall clock, milliseconds. */
  readonly dueAt: number
}

/** The message as it was, in the place of its copy. What bears no headers of ours was put there by hand: it is due, and new. */
export function returned(copy: LogMessage, topic: string, partition: number): Returned {
  const text = (name: string) => headerText(copy.headers, PREFIX + name)
  const number = (name: string) => {
    const value = Number(text(name) ?? NaN)
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  }
  const attempt = number('attempt')
  const parked: Parked = {
    attempt: attempt === undefined || attempt < 1 ? 1 : attempt,
    topic: text('topic') ?? topic,
    partition: number('partition') ?? partition,
    offset: number('offset') ?? copy.offset,
    done: (text('done') ?? '').split(',').filter((step) => step !== ''),
  }
  const { key, value, offset } = copy
  const timestamp = number('timestamp') ?? copy.timestamp
  const message = { key, value, headers: withoutOwn(copy.headers), timestamp, offset, parked }
  return { message, dueAt: number('due') ?? 0 }
}

function withoutOwn(headers: Headers): Headers {
  const kept: Record<string, HeaderValue> = {}
  for (const [name, value] of Object.entries(headers))
    if (!name.toLowerCase().startsWith(PREFIX) && value !== undefined && value !== null)
      kept[name] = value
  return kept
}
