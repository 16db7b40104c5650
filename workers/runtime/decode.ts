// Turns a raw message into an envelope that fits the schema of its source, or says why it is invalid; trusts nothing in it.
import type { Check } from '../core/check.ts'
import type { Lane } from '../core/contract.ts'
import type { Envelope, PlacedMessage } from '../core/message.ts'
import type { TopicPlan } from '../core/plan.ts'
import { invalid } from './invalid.ts'
import { parseValue } from './parse-value.ts'

const MAX_HEADERS = 64
const MAX_HEADER_BYTES = 64 * 1024

export interface DecodeParts<Message extends PlacedMessage> {
  readonly tombstones: TopicPlan['tombstones']
  readonly maxBytes: number
  /** Turns bytes into data; throws errors of class invalid alone. Absent: they are JSON. */
  readonly parse?: ((value: Uint8Array, maxBytes: number) => unknown) | undefined
  readonly check: Check
  /** Who the message is, once its value is known to be good. Throws errors of class invalid alone. */
  readonly envelope: (message: Message, lane: Lane, data: unknown) => Envelope
}

/** `skip`: a tombstone that the topic says to pass over. */
export type Decode = (message: PlacedMessage, lane: Lane) => Envelope | 'skip'

/** The function it returns throws a SluiceError of class invalid, and nothing else. */
export function createDecode<Message extends PlacedMessage>(parts: DecodeParts<Message>): Decode {
  const { tombstones, check, maxBytes, envelope, parse = parseValue } = parts
  return (message, lane) => {
    checkHeaders(message)
    const { value } = message
    if (value === null && tombstones === 'skip') return 'skip'
    const data = value === null ? tombstone(tombstones) : parse(value, maxBytes)
    if (value !== null) {
      const problem = check(data)
      if (problem !== undefined)
        throw invalid('SLU5002', `the value does not fit its schema: ${problem}`)
    }
    // A source hands over messages of its own kind alone.
    return envelope(message as Message, lane, data)
  }
}

function tombstone(mode: TopicPlan['tombstones']): null {
  if (mode === 'deliver') return null
  throw invalid('SLU5004', 'the value is null (a tombstone)')
}

function checkHeaders({ headers }: PlacedMessage): void {
  let count = 0
  let bytes = 0
  for (const name in headers) {
    count++
    const value = headers[name]
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
