// Makes anything fit for a log line: plain, bounded, without secrets. Never throws, never changes what it was given.
import { asError } from '../core/errors.ts'

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain }

export const REDACTED = '[redacted]'

const DEPTH = 6
const BREADTH = 100
const TEXT = 16_384

const SECRET_PARTS =
  /passw|passphrase|passwd|secret|token|authori[sz]ation|credential|apikey|accesskey|privatekey|cookie|sasl/
const SECRET_WHOLE = new Set(['pass', 'pwd', 'auth'])

/** Judges a key by its letters alone: `X-Api-Key`, `api_key` and `apiKey` are one. */
export function isSecretKey(key: string): boolean {
  const letters = key.toLowerCase().replace(/[^a-z]/g, '')
  return SECRET_WHOLE.has(letters) || SECRET_PARTS.test(letters)
}

/** A plain copy of the fields of a log line. */
export function redact(fields: object): { [key: string]: Plain } {
  try {
    const value = plain(fields, DEPTH, [])
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value }
  } catch (error) {
    return { unloggable: asError(error).message }
  }
}

function plain(value: unknown, depth: number, above: readonly object[]): Plain {
  switch (typeof value) {
    case 'string':
      return clip(value)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'object':
      return value === null ? null : plainObject(value, depth, above)
    case 'undefined':
      return null
    default:
      return clip(String(value))
  }
}

function plainObject(value: object, depth: number, above: readonly object[]): Plain {
  if (above.includes(value)) return '[circular]'
  if (depth === 0) return '[deeper]'
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  const path = [...above, value]
  if (value instanceof Error) return plainError(value, depth, path)
  if (value instanceof Map) return entries([...value], depth, path)
  if (Array.isArray(value) || value instanceof Set) return list([...value], depth, path)
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return plain(value.toJSON(), depth - 1, path)
  return entries(Object.entries(value), depth, path)
}

function entries(
  pairs: readonly (readonly [unknown, unknown])[],
  depth: number,
  path: readonly object[],
): Plain {
  const copy: { [key: string]: Plain } = {}
  for (const [name, value] of pairs.slice(0, BREADTH)) {
    const key = clip(String(name))
    if (value === undefined || typeof value === 'function' || key === '__proto__') continue
    copy[key] = hides(key, value) ? REDACTED : plain(value, depth - 1, path)
  }
  if (pairs.length > BREADTH) copy['…'] = `${pairs.length - BREADTH} more`
  return copy
}

/** Whether something is set at all may be seen. */
const hides = (key: string, value: unknown) =>
  value !== null && typeof value !== 'boolean' && isSecretKey(key)

function list(items: readonly unknown[], depth: number, path: readonly object[]): Plain {
  const copy = items.slice(0, BREADTH).map((item) => plain(item, depth - 1, path))
  if (items.length > BREADTH) copy.push(`… ${items.length - BREADTH} more`)
  return copy
}

/** What an Error hides from `Object.entries`, and whatever else was hung on it. */
function plainError(error: Error, depth: number, path: readonly object[]): Plain {
  const hidden = { name: error.name, message: error.message, stack: error.stack }
  const shown = Object.entries(error)
  if (error.cause !== undefined) shown.push(['cause', error.cause])
  return entries([...Object.entries(hidden), ...shown], depth, path)
}

function clip(text: string): string {
  return text.length <= TEXT ? text : `${text.slice(0, TEXT)}… (${text.length} characters)`
}

const IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*):[^\s@/"]+@/gi

/** Hides the password in URLs anywhere in a text: `amqp://user:pass@host`. */
export function hideInUrls(text: string): string {
  return text.includes('://') ? text.replace(IN_URL, `$1:${REDACTED}@`) : text
}
