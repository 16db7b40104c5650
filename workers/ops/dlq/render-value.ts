// Shows what a message held, its headers and its value: what is called like a secret is hidden unless asked for, and nothing steers the terminal.
import { isUtf8 } from 'node:buffer'
import { printable } from '../../compile/render.ts'
import { LETTER_PREFIX } from '../../core/letter.ts'
import type { Headers, HeaderValue } from '../../core/message.ts'
import { isSecretKey, REDACTED } from '../../telemetry/redact.ts'

const VALUE_CHARACTERS = 16 * 1024
const DEPTH = 100

export const headerLines = (headers: Headers, reveal: boolean): string[] =>
  headerPairs(headers, reveal).map(([name, value]) => `${printable(name)}: ${printable(value)}`)

/** What was on the message; the metadata of the letter is told above. */
export const headerPairs = (headers: Headers, reveal: boolean): [string, string][] =>
  Object.entries(headers)
    .filter(([name]) => !name.startsWith(LETTER_PREFIX))
    .map(([name, value]) => [name, !reveal && isSecretKey(name) ? REDACTED : headerValue(value)])

function headerValue(value: HeaderValue): string {
  if (typeof value === 'string') return value
  if (!(value instanceof Uint8Array)) return value.map(headerValue).join(', ')
  return isUtf8(value)
    ? Buffer.from(value).toString()
    : `base64 ${Buffer.from(value).toString('base64')}`
}

export function valueLines(value: Uint8Array | null, reveal: boolean): string[] {
  if (value === null) return ['null']
  if (value.length === 0) return ['(empty)']
  const data = readable(value, reveal)
  const text =
    data !== undefined
      ? JSON.stringify(data, null, 2)
      : isUtf8(value)
        ? hidden(Buffer.from(value).toString(), reveal)
        : `base64 ${Buffer.from(value).toString('base64')}`
  const shown = text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text
  return shown.split('\n').map((line) => printable(line))
}

/** Undefined for what is no JSON, or nested deeper than people read. */
export function readable(value: Uint8Array | null, reveal: boolean): unknown {
  try {
    return value === null ? null : masked(JSON.parse(Buffer.from(value).toString()), reveal, DEPTH)
  } catch {
    return undefined
  }
}

function masked(data: unknown, reveal: boolean, depth: number): unknown {
  if (typeof data !== 'object' || data === null) return data
  if (depth === 0) throw new RangeError('nested too deeply')
  if (Array.isArray(data)) return data.map((each) => masked(each, reveal, depth - 1))
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      !reveal && isSecretKey(name) && value !== null && typeof value !== 'boolean'
        ? REDACTED
        : masked(value, reveal, depth - 1),
    ]),
  )
}

/** Of text that is no JSON, often only just not. */
const hidden = (text: string, reveal: boolean): string =>
  reveal
    ? text
    : text.replace(
        /(["']?)([\w-]{1,100})\1(\s{0,20}[:=]\s{0,20})(?:"[^"]*"?|'[^']*'?|[^\s,;&:"'{}[\]]+)/g,
        (all, quote: string, name: string, between: string) =>
          isSecretKey(name) ? `${quote}${name}${quote}${between}${REDACTED}` : all,
      )
