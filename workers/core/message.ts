// What travels: raw messages as brokers hold them, and the envelope pipelines see. Never knows a broker client.

/** One header value. Kafka carries bytes and allows repeats; AMQP headers arrive as text. */
export type HeaderValue = string | Uint8Array | readonly (string | Uint8Array)[]
export type Headers = Readonly<Record<string, HeaderValue>>

/** A message as it stands on a broker: bytes that nobody has trusted yet. */
export interface RawMessage {
  readonly key: Uint8Array | null
  /** `null` is a tombstone; an empty array is an empty value. They are not the same. */
  readonly value: Uint8Array | null
  readonly headers: Headers
  /** Milliseconds since the epoch, as the broker or producer stamped it. */
  readonly timestamp: number
}

/** How far a message had come before it was parked, or left by its worker. */
export interface Parked {
  /** The attempt that it waits for. */
  readonly attempt: number
  /** Ids of steps whose effect is confirmed already. */
  readonly done: readonly string[]
}

/** Of a topic: and where it came from. */
export interface ParkedLog extends Parked {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** A raw message with its place in its lane: places ascend, stay below 2^53 and are plain numbers. */
export interface PlacedMessage extends RawMessage {
  /** In a log the offset, on a channel of RabbitMQ the delivery tag. */
  readonly offset: number
  /** What the runtime itself noted: on a copy that waited for this attempt, or beside a job. No header of a sender leads to it. */
  readonly parked?: Parked
}

/** One of a partition. */
export interface LogMessage extends PlacedMessage {
  readonly parked?: ParkedLog
}

/** One of a queue, with what its sender said of it in properties. Absent: not said. */
export interface QueueMessage extends PlacedMessage {
  /** False: surely the first delivery. */
  readonly redelivered: boolean
  /** How often it was delivered before, where the broker counts. */
  readonly deliveries?: number
  readonly id?: string
  readonly type?: string
  /** The sending application. */
  readonly source?: string
  /** The queue that waits for the answer, and what to write on it. */
  readonly replyTo?: string
  readonly correlationId?: string
}

/**
 * What expressions and handlers see of a message. Attribute names are CloudEvents 1.0;
 * `key` is the broker's key, never CloudEvents' `subject`.
 */
export interface Envelope<Data = unknown> {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly subject?: string
  /** RFC 3339. */
  readonly time: string
  readonly key: string | null
  readonly data: Data
}

/** The first value of a header as text, or undefined. Never throws on hostile input. */
export function headerText(headers: Headers, name: string): string | undefined {
  // Names that every object inherits are no headers.
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  if (value === undefined || value === null) return undefined
  const first = Array.isArray(value) ? (value as readonly (string | Uint8Array)[])[0] : value
  if (first === undefined) return undefined
  return typeof first === 'string' ? first : Buffer.from(first as Uint8Array).toString('utf8')
}
