// Builds the dead letter of a message: its own bytes, and why, where and when it failed in `sluice-dlq-*` headers; changes no payload.
import { isoTime } from '../core/clock.ts'
import type { OutMessage } from '../core/contract.ts'
import { LETTER_PREFIX as PREFIX, LETTER_VERSION, type LetterPayload } from '../core/letter.ts'
import type { Headers, PlacedMessage } from '../core/message.ts'
import type { TraceContext } from '../core/telemetry.ts'
import type { Failure } from './failure.ts'
import type { Task } from './task.ts'

/** Our own headers stay below this many bytes together; the stack is cut first. */
const MAX_METADATA = 16 * 1024

export interface LetterParts {
  readonly id: string
  readonly fleet: string
  readonly pipeline: string
  /** Where the message stood: headers without their prefix. */
  readonly coordinates: Readonly<Record<string, string>>
  readonly failedAt: number
  readonly trace: TraceContext
}

/** `payload: false` leaves the bytes out and says so: the letter then holds the coordinates of the origin. */
export function deadLetter(
  task: Task,
  failure: Failure,
  parts: LetterParts,
  payload: boolean,
): OutMessage {
  const { message } = task
  return {
    id: parts.id,
    key: payload || (message.key?.length ?? 0) <= 1024 ? message.key : null,
    value: payload ? message.value : null,
    headers: {
      ...originalHeaders(message.headers, payload),
      ...metadata(task, failure, parts, payload),
      ...(parts.trace as Record<string, string>),
    },
    timestamp: parts.failedAt,
    contentType: 'application/octet-stream',
  }
}

/** What was on the message stays on its letter, except what we write ourselves: nobody forges our headers. */
function originalHeaders(headers: Headers, payload: boolean): Headers {
  if (!payload) return {}
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) =>
        !name.toLowerCase().startsWith(PREFIX) && value !== undefined && value !== null,
    ),
  )
}

function metadata(task: Task, failure: Failure, parts: LetterParts, payload: boolean): Headers {
  const { message } = task
  const { error, step } = failure
  const fields: Record<string, string> = {
    version: LETTER_VERSION,
    code: error.code,
    class: error.failure,
    reason: oneLine(error.message, 2_000),
    fleet: parts.fleet,
    pipeline: parts.pipeline,
    attempts: String(task.attempt),
    ...parts.coordinates,
    timestamp: isoTime(message.timestamp),
    'failed-at': isoTime(parts.failedAt),
    payload: payloadOf(message, payload),
    'payload-bytes': String(message.value?.length ?? 0),
  }
  if (step !== undefined) fields['step'] = step
  const item = task.run?.currentItem
  if (step !== undefined && item !== undefined) fields['item'] = oneLine(item, 500)
  if (error.at !== undefined) fields['at'] = `${error.at.file}:${error.at.line}:${error.at.column}`
  if (task.event !== undefined) fields['id'] = oneLine(task.event.id, 500)
  const cause = error.cause instanceof Error ? error.cause : undefined
  // What a parser says of an invalid message quotes it, and headers go where values must not.
  if (cause !== undefined && error.failure !== 'invalid')
    fields['cause'] = oneLine(`${textOf(cause, 'name')}: ${textOf(cause, 'message')}`, 1_000)
  const used = Object.entries(fields).reduce(
    (sum, [name, value]) => sum + bytes(PREFIX + name) + bytes(value),
    0,
  )
  const stack = textOf(cause ?? error, 'stack')
  if (stack !== '' && error.failure !== 'invalid')
    fields['stack'] = cut(stack, MAX_METADATA - used - 64)
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [PREFIX + name, value]))
}

const payloadOf = ({ value }: PlacedMessage, payload: boolean): LetterPayload =>
  value === null ? 'none' : payload ? 'complete' : 'omitted'

/** Whoever threw it decides what stands there: what is no text is passed over. */
function textOf(thrown: Error, field: 'name' | 'message' | 'stack'): string {
  try {
    const text: unknown = thrown[field]
    return typeof text === 'string' ? text : ''
  } catch {
    return ''
  }
}

const bytes = (text: string) => Buffer.byteLength(text)

/** Control characters, and what turns text around, become spaces: the text goes into terminals and logs. */
function oneLine(text: string, max: number): string {
  return cut(text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]+/gu, ' '), max)
}

/** At most `max` bytes of UTF-8, never half a character. */
function cut(text: string, max: number): string {
  const buffer = Buffer.from(text)
  if (buffer.length <= max) return buffer.toString()
  let end = Math.max(0, max)
  while (end > 0 && ((buffer[end] as number) & 0xc0) === 0x80) end--
  return buffer.subarray(0, end).toString()
}
