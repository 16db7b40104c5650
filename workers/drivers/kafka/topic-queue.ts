// Sends to one topic in batches that form by themselves: what arrives while requests are under way leaves together with the next one.
import type { Clock } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Refusal } from './client.ts'
import { kafkaError, typeOf } from './errors.ts'
import { bytesOf, type Outgoing } from './outgoing.ts'

/** Requests under way at once. */
const REQUESTS = 2
/** Of one request, whatever the topic allows: a batch is memory, and when its outcome is unknown all of it is sent again. */
const BATCH_BYTES = 512 * 1024
/** A broker hangs up on requests above socket.request.max.bytes, 100 MiB by default, without an answer. */
const LARGEST_BYTES = 90 * 1024 * 1024
/** Pauses before a request is repeated that certainly delivered nothing, milliseconds. */
const REPEATS = [100, 300]

/** Kafka took nothing of the partition: the client did not know yet where it lives. */
const UNDELIVERED = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
])
/** One message is to blame for all of its partition. */
const ONE_TO_BLAME = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
])

interface Entry {
  readonly message: Outgoing
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: SluiceError) => void
}

interface Refused {
  readonly error: unknown
  readonly entries: readonly Entry[]
}

export interface TopicQueueParts {
  readonly address: string
  /** Largest batch that the topic is declared to take. */
  readonly maxBytes: number
  readonly clock: Clock
  /** One request. What is in no refusal was stored; rejects when nothing is known to be, see `Wire`. */
  readonly produce: (messages: Outgoing[]) => Promise<readonly Refusal[]>
  /** Asks Kafka anew where the partitions live. Never rejects. */
  readonly refresh: () => Promise<void>
  readonly onError: (error: SluiceError) => void
  /** A request ended. */
  readonly onIdle: () => void
}

/**
 * Order: messages of one partition that share a request stay in order, through repetitions and halves. Requests do not: two are
 * under way, a client writes first what it has encoded first, and what is repeated may be overtaken. Who needs an order awaits each
 * send before the next, as the runtime does: the messages of one chain of a pipeline, and the steps of one message, run one by one.
 */
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

  send(message: Outgoing): Promise<void> {
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
    reject(this.waiting.splice(0), error)
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
  private async deliver(batch: readonly Entry[], repeated = 0): Promise<void> {
    // It has not left, or has left and was not taken.
    if (this.failure !== undefined) return reject(batch, this.failure)
    const { produce, refresh } = this.parts
    let refused: readonly Refused[]
    try {
      const refusals = await produce(batch.map(({ message }) => message))
      refused = split(batch, refusals)
      if (refusals.some(({ error }) => error.retriable)) await refresh()
    } catch (thrown) {
      refused = [{ error: thrown, entries: batch }]
    }
    await this.settle(refused, repeated)
  }

  private async settle(refused: readonly Refused[], repeated: number): Promise<void> {
    const { address, onError, clock } = this.parts
    const pause = REPEATS[repeated]
    const again: Entry[] = []
    const parts: (readonly Entry[])[] = []
    for (const { error: thrown, entries } of refused) {
      const error = kafkaError(thrown, `sending to ${address}`)
      const type = typeOf(error) ?? ''
      if (UNDELIVERED.has(type) && pause !== undefined && this.failure === undefined)
        again.push(...entries)
      else if (ONE_TO_BLAME.has(type) && entries.length > 1) {
        const half = entries.length >> 1
        parts.push(entries.slice(0, half), entries.slice(half))
      } else {
        onError(error)
        reject(entries, error)
      }
    }
    for (const part of parts) await this.deliver(part)
    if (again.length === 0 || pause === undefined) return
    await clock.sleep(pause)
    await this.deliver(again, repeated + 1)
  }
}

/** What was stored learns it; the rest is returned by what Kafka said of it, in the order of the batch. */
function split(batch: readonly Entry[], refusals: readonly Refusal[]): Refused[] {
  const refused = refusals.map(({ error }) => ({ error, entries: [] as Entry[] }))
  for (const entry of batch) {
    const at = refusals.findIndex(({ messages }) => messages.has(entry.message))
    if (at === -1) entry.resolve()
    else refused[at]?.entries.push(entry)
  }
  return refused
}

function reject(entries: readonly Entry[], error: SluiceError): void {
  for (const entry of entries) entry.reject(error)
}
