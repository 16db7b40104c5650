// The message that goes back: the original's bytes, key and headers, with whose replay it is; never the metadata of its letter.
import type { OutMessage } from '../../core/contract.ts'
import { LETTER_PREFIX, REPLAY } from '../../core/letter.ts'
import type { Headers, HeaderValue } from '../../core/message.ts'
import type { Letter } from './letter.ts'
import type { Original } from './origin.ts'

export interface Back {
  readonly letter: Letter
  readonly original: Original
  /** New bytes under a new id. */
  readonly edited: { readonly value: Uint8Array; readonly id: string } | undefined
  readonly count: number
  readonly timestamp: number
  readonly trace: Headers
}

/**
 * The same for every try, so that whoever remembers ids takes a repeat for one. A job gets another id than it had: BullMQ remembers
 * the one that failed, and would take nothing else by its name.
 */
export const replayId = ({ letter, edited }: Pick<Back, 'letter' | 'edited'>): string => {
  if (edited !== undefined) return edited.id
  const { origin } = letter
  // A firing is known by its time: the second one for it is the same event.
  if (origin.kind === 'schedule') return `replay/${letter.key}:${origin.firedMs}`
  return (origin.kind === 'queue' ? origin.messageId : undefined) ?? `replay/${letter.key}`
}

export function messageBack(back: Back): OutMessage {
  const { letter, original, edited, count, timestamp, trace } = back
  const { origin } = letter
  const id = replayId(back)
  const headers: Record<string, HeaderValue> = {
    ...kept(original.headers),
    ...trace,
    [REPLAY.of]: letter.key,
    [REPLAY.count]: String(count),
  }
  if (edited !== undefined) {
    if (letter.id !== undefined) headers[REPLAY.original] = letter.id
    for (const name of CE_IDS) if (headers[name] !== undefined) headers[name] = id
  }
  return {
    id,
    key: original.key,
    value: edited === undefined ? original.value : edited.value,
    headers,
    timestamp,
    contentType: 'application/json',
    // Its own bytes go back as they were; what somebody wrote is data.
    ...(edited === undefined ? { verbatim: true as const } : {}),
    ...(origin.kind === 'jobs' ? { job: { delayMs: 0, priority: undefined } } : {}),
    ...((origin.kind === 'queue' || origin.kind === 'jobs') && origin.type !== undefined
      ? { type: origin.type }
      : {}),
    ...(origin.kind === 'queue' && origin.source !== undefined ? { source: origin.source } : {}),
  }
}

const CE_IDS = ['ce_id', 'cloudEvents_id', 'cloudEvents:id']
const OURS = [LETTER_PREFIX, 'sluice-replay-', 'traceparent', 'tracestate']

const kept = (headers: Headers): Record<string, HeaderValue> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !OURS.some((prefix) => name.toLowerCase().startsWith(prefix)),
    ),
  )
