// Reads one line of a feed: {"key", "headers", "value"}, or "raw" or "base64" instead of "value"; refuses anything else by name.
import type { OutMessage } from '../core/contract.ts'
import type { Headers } from '../core/message.ts'

export type FeedMessage = Pick<OutMessage, 'key' | 'value' | 'headers' | 'verbatim'>

const BODIES = ['value', 'raw', 'base64'] as const
const FIELDS = new Set<string>(['key', 'headers', ...BODIES])

/** The message, or what is wrong with the line. `"value": null` is a tombstone; `"raw": "null"` is JSON null. */
export function readFeedLine(line: string): FeedMessage | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return 'not valid JSON'
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return 'not a JSON object'
  const record = parsed as Record<string, unknown>
  const unknown = Object.keys(record).find((name) => !FIELDS.has(name))
  if (unknown !== undefined) return `unknown field "${unknown}"`
  const bodies = BODIES.filter((name) => Object.hasOwn(record, name))
  if (bodies.length !== 1) return 'exactly one of "value", "raw" and "base64" is needed'
  const { key = null, headers = {} } = record
  if (key !== null && typeof key !== 'string') return '"key" is a string or null'
  if (!isHeaders(headers)) return '"headers" is an object of strings'
  const value = bodyOf(record)
  if (value === undefined) return '"raw" and "base64" are strings'
  return {
    key: key === null ? null : Buffer.from(key),
    value,
    headers,
    ...(Object.hasOwn(record, 'value') ? {} : { verbatim: true }),
  }
}

function isHeaders(value: unknown): value is Headers {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((entry) => typeof entry === 'string')
  )
}

function bodyOf(record: Record<string, unknown>): Uint8Array | null | undefined {
  if (Object.hasOwn(record, 'value')) {
    return record['value'] === null ? null : Buffer.from(JSON.stringify(record['value']))
  }
  const raw = Object.hasOwn(record, 'raw')
  const text = raw ? record['raw'] : record['base64']
  if (typeof text !== 'string') return undefined
  return Buffer.from(text, raw ? 'utf8' : 'base64')
}
