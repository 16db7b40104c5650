// Sends to one topic in batches that form by themselves: what arrives while requests are under way leaves together with the next one.
import type { Message } from 'kafkajs'
import type { Clock } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import { bytesOf } from './convert.ts'
import { kafkaError, typeOf } from './errors.ts'

/** Requests under way at once. */
const REQUESTS = 2
/** Of one request, whatever the topic allows: a batch is memory, and is sent again as a whole. */
const BATCH_BYTES = 512 * 1024
/** A broker hangs up on requests above socket.request.max.bytes, 100 MiB by default, without an answer. */
const LARGEST_BYTES = 90 * 1024 * 1024
/** Pauses before a request is repeated that certainly delivered nothing, milliseconds. */
const REPEATS = [100, 300]

/** Kafka took nothing: the client did not know yet where the topic lives. */
const UNDELIVERED = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
])
/** One message is to blame for its whole batch. */
const ONE_TO_BLAME = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
])

interface Entry {
  readonly message: Message
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: SluiceError) => void
}

export interface TopicQueueParts {
  readonly address: string
  /** Largest batch that the topic is declared to take. */
  readonly maxBytes: number
  readonly clock: Clock
  /** One request; rejects with what kafkajs says. */
  readonly produce: (messages: Message[]) => Promise<void>
  readonly onError: (error: SluiceError) => void
  /** A request ended. */
  readonly onIdle: () => void
}

export class TopicQueue {
  private readonly parts: TopicQueueParts
  private readonly limit: number
  private waiting: Entry[] = []
  private requests = 0
  private scheduled = false
  private failure: SluiceError | undefined

  constructor(parts: TopicQueueParts) {
    this.parts = parts
    this.limit = Math.min(BATCH_BYTES, parts.maxBytes)
  }

  get idle(): boolean {
    return this.requests === 0 && this.waiting.length === 0
  }

  send(message: Message): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    const bytes = bytesOf(message)
    if (bytes > LARGEST_BYTES)
      return Promise.reject(
        new SluiceError('SLU5203', { message: `${bytes} bytes are more than a request can hold` }),
      )
    return new Promise((resolve, reject) => {
      this.waiting.push({ message, bytes, resolve, reject })
      this.schedule()
    })
  }

  /** What has not left is rejected, and so is everything that is sent from now on. */
  fail(error: SluiceError): void {
    this.failure = error
    for (const { reject } of this.waiting.splice(0)) reject(error)
  }

  private schedule(): void {
    if (this.scheduled || this.requests >= REQUESTS) return
    this.scheduled = true
    // All sends of this turn leave together.
    queueMicrotask(() => {
      this.scheduled = false
      while (this.requests < REQUESTS && this.waiting.length > 0) void this.request(this.next())
    })
  }

  /** What is larger than the topic is declared to take leaves alone, and harms nobody but itself. */
  private next(): Entry[] {
    let bytes = 0
    let count = 0
    for (const entry of this.waiting) {
      if (count > 0 && bytes + entry.bytes > this.limit) break
      bytes += entry.bytes
      count++
    }
    return this.waiting.splice(0, count)
  }

  private async request(batch: Entry[]): Promise<void> {
    this.requests++
    await this.deliver(batch)
    this.requests--
    this.schedule()
    this.parts.onIdle()
  }

  /** Never rejects: each entry learns its own outcome. */
  private async deliver(batch: Entry[], repeated = 0): Promise<void> {
    const { address, produce, onError, clock } = this.parts
    try {
      await produce(batch.map(({ message }) => message))
      for (const { resolve } of batch) resolve()
    } catch (thrown) {
      const error = kafkaError(thrown, `sending to ${address}`)
      const type = typeOf(error) ?? ''
      const pause = REPEATS[repeated]
      if (UNDELIVERED.has(type) && pause !== undefined && this.failure === undefined) {
        await clock.sleep(pause)
        await this.deliver(batch, repeated + 1)
      } else if (ONE_TO_BLAME.has(type) && batch.length > 1) {
        const half = batch.length >> 1
        await this.deliver(batch.slice(0, half))
        await this.deliver(batch.slice(half))
      } else {
        onError(error)
        for (const { reject } of batch) reject(error)
      }
    }
  }
}
