// What arrived somewhere, as expectations speak of it.
import { withCloudEvents } from '../core/cloud-events.ts'
import type { OutMessage } from '../core/contract.ts'
import { LETTER_PREFIX as PREFIX } from '../core/letter.ts'
import { headerText, type Headers } from '../core/message.ts'
import { refusedCode } from '../core/refusal.ts'
import type { Section } from './plan.ts'

export interface Seen {
  readonly section: Section
  /** Topic, queue, exchange, queue of jobs or cache, as fleet.yaml calls it. */
  readonly destination: string
  /** By the names that an expectation has for them. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Which message led to it, by partition and offset; undefined when nobody knows. */
  readonly cause: string | undefined
}

type Fields = Seen['fields']

/** `plain`: its value as JSON, where that is written otherwise. */
export const eventFields = (message: OutMessage, plain: Uint8Array | null): Fields => ({
  key: textOf(message.key),
  ...bodyFields(message.value, plain),
  headers: headerFields(withCloudEvents(message)),
})

export const commandFields = ({ value, routingKey }: OutMessage): Fields => ({
  key: routingKey,
  value: bodyFields(value)['value'],
})

/** What is as ever is not told. */
export const jobFields = ({ id, value, job }: OutMessage): Fields => ({
  id,
  value: bodyFields(value)['value'],
  ...(job === undefined || job.delayMs === 0 ? {} : { delayMs: job.delayMs }),
  ...(job?.priority === undefined ? {} : { priority: job.priority }),
})

export function replyFields({ value, headers }: OutMessage): Fields {
  const refused = refusedCode(headers)
  return refused === undefined ? { value: bodyFields(value)['value'] } : { refused }
}

export function letterFields(message: OutMessage, plain: Uint8Array | null): Fields {
  const { headers } = message
  const written = (name: string) => headerText(headers, PREFIX + name)
  return {
    code: written('code'),
    class: written('class'),
    reason: written('reason'),
    step: written('step'),
    item: written('item'),
    attempts: Number(written('attempts')),
    key: textOf(message.key),
    ...bodyFields(message.value, plain),
    headers: headerFields(headers),
  }
}

/** As the recorder calls the place of a message. */
export const letterOrigin = ({ headers }: OutMessage): string =>
  headerText(headers, `${PREFIX}message-id`) ??
  `${headerText(headers, `${PREFIX}partition`)}/${headerText(headers, `${PREFIX}offset`)}`

const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())

function bodyFields(bytes: Uint8Array | null, plain = bytes): Fields {
  if (bytes === null) return { value: null, raw: null, base64: null }
  const buffer = Buffer.from(bytes)
  return {
    value: jsonOf(Buffer.from(plain ?? bytes)),
    raw: buffer.toString(),
    base64: buffer.toString('base64'),
  }
}

/** Undefined for what is no JSON. */
function jsonOf(buffer: Buffer): unknown {
  try {
    return JSON.parse(buffer.toString()) as unknown
  } catch {
    return undefined
  }
}

const headerFields = (headers: Headers): Fields =>
  Object.fromEntries(Object.keys(headers).map((name) => [name, headerText(headers, name)]))
