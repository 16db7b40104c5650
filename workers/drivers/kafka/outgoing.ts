// A message on its way to Kafka: with all of its headers, and with what it takes in a request. Bytes are passed on, never copied.
import { withCloudEvents } from '../../core/cloud-events.ts'
import type { OutMessage } from '../../core/contract.ts'
import type { RawMessage } from '../../core/message.ts'

export type Outgoing = RawMessage

/** A record's frame: lengths, offsets and timestamps. */
const FRAME_BYTES = 70

export function outgoing(message: OutMessage): Outgoing {
  const { key, value, timestamp } = message
  return { key, value, headers: withCloudEvents(message), timestamp }
}

/** What the message takes in a request, a little more than less. */
export function bytesOf({ key, value, headers }: Outgoing): number {
  let bytes = FRAME_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const name in headers) {
    const header = headers[name] ?? []
    const parts = typeof header === 'string' || header instanceof Uint8Array ? [header] : header
    for (const part of parts) bytes += 8 + Buffer.byteLength(name) + Buffer.byteLength(part)
  }
  return bytes
}
