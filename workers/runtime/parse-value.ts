// Turns bytes into JSON, or says why they are none; bounds size and depth before anything is built from them.
import { isUtf8 } from 'node:buffer'
import { parse } from 'secure-json-parse'
import { invalid } from './invalid.ts'

export const MAX_DEPTH = 64

/** Throws a SluiceError of class invalid, and nothing else. */
export function parseValue(value: Uint8Array, maxBytes: number): unknown {
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
