// What is written on a copy of a parked message, in `sluice-park-*` headers. They are believed where nobody but the runtime
// writes, and nowhere else.
import { headerText, type Headers, type Parked } from '../core/message.ts'
import type { TraceContext } from '../core/telemetry.ts'

const PREFIX = 'sluice-park-'
const VERSION = '1'

export interface CopyParts extends Parked {
  readonly id: string
  /** How long it waits, milliseconds. */
  readonly delayMs: number
  /** Wall clock, milliseconds. */
  readonly now: number
  readonly trace: TraceContext
}

/** The headers that the message came with, none of ours among them, and what is to be known again. */
export function parkedHeaders(
  headers: Headers,
  { attempt, done, trace }: CopyParts,
  more: Readonly<Record<string, string>>,
): Headers {
  const fields = { version: VERSION, attempt: String(attempt), done: done.join(','), ...more }
  const own = Object.entries(fields).map(([name, value]) => [PREFIX + name, value] as const)
  return {
    ...withoutOwn(headers),
    ...Object.fromEntries(own),
    ...(trace as Record<string, string>),
  }
}

export interface ParkedFields {
  readonly parked: Parked
  text(name: string): string | undefined
  /** Whole and not negative; undefined for anything else. */
  number(name: string): number | undefined
}

/** What bears no headers of ours was put there by hand: it is new. */
export function parkedFields(headers: Headers): ParkedFields {
  const text = (name: string) => headerText(headers, PREFIX + name)
  const number = (name: string) => {
    const value = Number(text(name) ?? NaN)
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  }
  const done = (text('done') ?? '').split(',').filter((step) => step !== '')
  return { parked: { attempt: Math.max(1, number('attempt') ?? 1), done }, text, number }
}

export const withoutOwn = (headers: Headers): Headers =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) =>
        !name.toLowerCase().startsWith(PREFIX) && value !== undefined && value !== null,
    ),
  )
