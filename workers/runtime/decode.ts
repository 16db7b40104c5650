// Turns a raw message into an envelope that fits its topic's schema, or says why it is invalid; trusts nothing in it.
import { isUtf8 } from 'node:buffer'
import { parse } from 'secure-json-parse'
import type { Check } from '../core/check.ts'
import { isoTime } from '../core/clock.ts'
import { SluiceError } from '../core/errors.ts'
import { headerText, type Envelope, type LogMessage } from '../core/message.ts'
import type { TopicPlan } from '../core/plan.ts'

const MAX_DEPTH = 64
const MAX_HEADERS = 64
const MAX_HEADER_BYTES = 64 * 1024

export interface DecodeParts {
  readonly topic: Pick<TopicPlan, 'name' | 'envelope' | 'tombstones'>
  /** CloudEvents source of messages that name none: `/fleet/topic`. */
  readonly source: string
  readonly maxBytes: number
  readonly check: Check
}

/** `skip`: a tombstone that the topic says to pass over. */
export type Decode = (message: LogMessage, partition: number) => Envelope | 'skip'

/** The function it returns throws a SluiceError of class invalid, and nothing else. */
export function createDecode(parts: DecodeParts): Decode {
  const { topic, check } = parts
  return (message, partition) => {
    checkHeaders(message)
    const { value } = message
    if (value === null && topic.tombstones === 'skip') return 'skip'
    const data = value === null ? tombstone(topic.tombstones) : parseValue(value, parts.maxBytes)
    if (value !== null) {
      const problem = check(data)
      if (problem !== undefined)
        throw invalid('SLU5002', `the value does not fit its schema: ${problem}`)
    }
    return headerText(message.headers, 'ce_specversion') === undefined
      ? new PlainEnvelope(parts, message, partition, data)
      : cloudEvent(message, data)
  }
}

function tombstone(mode: TopicPlan['tombstones']): null {
  if (mode === 'deliver') return null
  throw invalid('SLU5004', 'the value is null (a tombstone)')
}

function parseValue(value: Uint8Array, maxBytes: number): unknown {
  if (value.length === 0) throw invalid('SLU5003', 'the value is empty')
  if (value.length > maxBytes)
    throw invalid('SLU5005', `the value has ${value.length} bytes, ${maxBytes} are allowed`)
  if (!isUtf8(value)) throw invalid('SLU5006', 'the value is not valid UTF-8')
  if (deeperThan(value, MAX_DEPTH))
    throw invalid('SLU5007', `the value is nested deeper than ${MAX_DEPTH} levels`)
  try {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.length)
    const text = bytes.toString('utf8')
    if (!needsCare(bytes)) return JSON.parse(text) as unknown
    return parse(text, null, { protoAction: 'error', constructorAction: 'error' })
  } catch (cause) {
    throw invalid('SLU5001', `the value is not valid JSON: ${withoutQuote(cause as Error)}`, cause)
  }
}

/**
 * The careful parser costs as much again as the plain one. It is needed only where a poisoned name can stand, written out
 * or escaped, and for a byte order mark.
 */
function needsCare(bytes: Buffer): boolean {
  return (
    bytes[0] === 0xef ||
    bytes.includes('__proto__') ||
    bytes.includes('constructor') ||
    bytes.includes('\\u')
  )
}

/** V8 quotes the text it could not read; what a message holds stays out of logs and headers. */
function withoutQuote(error: Error): string {
  return error.message.replace(/, (\.\.\.)?".*$/s, '').slice(0, 200)
}

/** Ordinary values have few brackets, which the runtime finds faster than a loop of ours; only the others are walked. */
function deeperThan(bytes: Uint8Array, limit: number): boolean {
  if (bytes.length <= limit) return false
  let brackets = 0
  for (const bracket of [OPEN_OBJECT, OPEN_ARRAY])
    for (let at = bytes.indexOf(bracket); at !== -1; at = bytes.indexOf(bracket, at + 1))
      if (++brackets > limit) return walkedDeeperThan(bytes, limit)
  return false
}

const OPEN_OBJECT = 0x7b
const OPEN_ARRAY = 0x5b

/** Counts brackets outside strings; works on bytes, since no UTF-8 continuation byte looks like one. */
function walkedDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inString) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > limit) return true
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return false
}

function checkHeaders(message: LogMessage): void {
  let count = 0
  let bytes = 0
  for (const name in message.headers) {
    count++
    const value = message.headers[name]
    if (value === undefined || value === null) continue
    bytes += name.length
    if (typeof value === 'string' || value instanceof Uint8Array) bytes += value.length
    else for (const part of value) bytes += part.length
  }
  if (count > MAX_HEADERS || bytes > MAX_HEADER_BYTES)
    throw invalid(
      'SLU5008',
      `${count} headers with ${bytes} bytes; ${MAX_HEADERS} and ${MAX_HEADER_BYTES} are allowed`,
    )
}

function cloudEvent(message: LogMessage, data: unknown): Envelope {
  const { headers } = message
  const version = headerText(headers, 'ce_specversion') as string
  const id = headerText(headers, 'ce_id')
  const source = headerText(headers, 'ce_source')
  const type = headerText(headers, 'ce_type')
  if (!version.startsWith('1.') || !id || !source || !type)
    throw invalid('SLU5009', 'the CloudEvents headers are incomplete or of an unknown version')
  const subject = headerText(headers, 'ce_subject')
  return {
    id,
    type,
    source,
    ...(subject === undefined ? {} : { subject }),
    time: headerText(headers, 'ce_time') ?? isoTime(message.timestamp),
    key: keyText(message),
    data,
  }
}

/** Identity from the topic's `envelope` paths, else from the place in the log. */
class PlainEnvelope implements Envelope {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly key: string | null
  readonly data: unknown
  declare readonly subject: string
  private readonly clockText: string | undefined
  private readonly timestamp: number

  constructor(parts: DecodeParts, message: LogMessage, partition: number, data: unknown) {
    const { name, envelope } = parts.topic
    this.id = textAt(data, envelope.id) ?? `${name}/${partition}/${message.offset}`
    this.type = textAt(data, envelope.type) ?? name
    this.source = parts.source
    this.key = keyText(message)
    this.data = data
    this.clockText = textAt(data, envelope.time)
    this.timestamp = message.timestamp
    const subject = textAt(data, envelope.subject)
    if (subject !== undefined) this.subject = subject
  }

  get time(): string {
    return this.clockText ?? isoTime(this.timestamp)
  }
}

function textAt(data: unknown, path: readonly string[] | undefined): string | undefined {
  if (path === undefined) return undefined
  let value: unknown = data
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function keyText({ key }: LogMessage): string | null {
  return key === null ? null : Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8')
}

function invalid(
  code:
    | 'SLU5001'
    | 'SLU5002'
    | 'SLU5003'
    | 'SLU5004'
    | 'SLU5005'
    | 'SLU5006'
    | 'SLU5007'
    | 'SLU5008'
    | 'SLU5009',
  message: string,
  cause?: unknown,
): SluiceError {
  return new SluiceError(code, { message, cause })
}
