// What is sent, as a recording tells it: the parts that matter to whoever receives it, and none that differ in each run.
import type { JobTerms, OutMessage } from '../core/contract.ts'
import { LETTER_PREFIX } from '../core/letter.ts'
import { headerText, type Headers } from '../core/message.ts'
import type { Effect, EffectKind } from './line.ts'

/** Which step sends; absent: none does. */
export interface Sender {
  readonly step?: string | undefined
  readonly item?: string | undefined
}

export type Sent = Pick<OutMessage, 'id' | 'value'> &
  Partial<Pick<OutMessage, 'key' | 'routingKey' | 'headers' | 'job' | 'plain' | 'version'>>

export function effectOf(kind: EffectKind, to: string, by: Sender, sent: Sent): Effect {
  const { id, value, plain = value, headers = {} } = sent
  const key = sent.routingKey ?? textOf(sent.key ?? undefined)
  return {
    kind,
    to,
    ...(by.step === undefined ? {} : { step: by.step }),
    ...(by.item === undefined ? {} : { item: by.item }),
    id,
    ...(key === undefined ? {} : { key }),
    ...(sent.version === undefined ? {} : { version: sent.version }),
    ...some('headers', headersOf(headers)),
    ...jobOf(sent.job),
    ...(kind === 'dead-letter' ? some('failure', failureOf(headers)) : {}),
    ...bodyOf(plain),
  }
}

/** Where the message stood and when it failed is told of the message; a stack is another one after each change of the code. */
const TOLD = ['code', 'class', 'reason', 'step', 'item', 'attempts', 'payload'] as const

const failureOf = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    TOLD.flatMap((name) => {
      const text = headerText(headers, LETTER_PREFIX + name)
      return text === undefined ? [] : [[name, text]]
    }),
  )

const TRACES = new Set(['traceparent', 'tracestate'])

const headersOf = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.keys(headers).flatMap((name) => {
      const text = headerText(headers, name)
      const isOurs = TRACES.has(name) || name.startsWith(LETTER_PREFIX)
      return isOurs || text === undefined ? [] : [[name, text]]
    }),
  )

const some = (name: 'headers' | 'failure', found: Record<string, string>) =>
  Object.keys(found).length === 0 ? {} : { [name]: found }

const jobOf = (job: JobTerms | undefined): Pick<Effect, 'job'> =>
  job === undefined
    ? {}
    : {
        job: {
          delayMs: job.delayMs,
          ...(job.priority === undefined ? {} : { priority: job.priority }),
        },
      }

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Undefined for bytes that are no UTF-8. */
function exactText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString()

function bodyOf(bytes: Uint8Array | null): Pick<Effect, 'value' | 'raw' | 'base64'> {
  if (bytes === null) return { value: null }
  const text = exactText(bytes)
  if (text === undefined) return { base64: Buffer.from(bytes).toString('base64') }
  const value = jsonOf(text)
  return value === undefined ? { raw: text } : { value }
}

/** Undefined for what is no JSON, and for what would read as a tombstone. */
function jsonOf(text: string): unknown {
  try {
    return (JSON.parse(text) as unknown) ?? undefined
  } catch {
    return undefined
  }
}
