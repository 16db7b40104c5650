// Spans on their way out: bounded, batched, a few exports in flight. Loses a span only by counting it; never slows the
// pipeline for an endpoint that is dead, and never waits for one for ever.
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Timer, World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { QueueSettings } from './trace-settings.ts'

/** What became of a batch. `dead`: the endpoint did not take it in all the time it had. */
export interface Delivery {
  readonly lost: number
  readonly why: string
  readonly dead: boolean
}

/** Delivers one batch, trying again as long as it may, or until `signal` aborts. Never rejects. */
export type Deliver = (spans: ReadableSpan[], signal: AbortSignal) => Promise<Delivery>

export interface SpanQueueParts {
  readonly settings: QueueSettings
  /** Callers wait in `room()`, and no span is dropped while the endpoint is alive. */
  readonly backpressure: boolean
  readonly deliver: Deliver
  readonly world: World
  readonly log: Logger
}

const IN_FLIGHT = 4
const LOG_EVERY_MS = 60_000

type Gate = PromiseWithResolvers<void>

export class SpanQueue {
  private readonly parts: SpanQueueParts
  private readonly high: number
  private readonly low: number
  private readonly abort = new AbortController()
  private readonly sending = new Set<Promise<void>>()
  private filling: ReadableSpan[] = []
  private full: ReadableSpan[][] = []
  /** Spans held: filling, full and in flight. */
  private held = 0
  /** Batches delivered. */
  private taken = 0
  private timer: Timer | undefined
  /** The last batch was given up: nobody waits for this endpoint until it takes one again. */
  private dead = false
  private closed = false
  private roomy: Gate | undefined
  private empty: Gate | undefined
  private lost = 0
  private loggedLost = 0
  private loggedAt = Number.NEGATIVE_INFINITY

  constructor(parts: SpanQueueParts) {
    this.parts = parts
    const { capacity } = parts.settings
    this.high = Math.ceil(capacity * 0.75)
    this.low = Math.floor(capacity * 0.5)
  }

  get dropped(): number {
    return this.lost
  }

  push(span: ReadableSpan): void {
    const { settings, backpressure } = this.parts
    // Under back-pressure those who were let in below the high-water mark may go beyond the capacity; they are few.
    const bounded = !backpressure || this.dead
    if (this.closed || (bounded && this.held >= settings.capacity)) {
      this.drop(1, 'the queue is full')
      return
    }
    this.held++
    if (this.filling.push(span) >= settings.batch) this.seal()
    else this.timer ??= this.parts.world.clock.after(settings.delayMs, () => this.seal())
  }

  /** Undefined: go on. Else resolves when enough spans have left. */
  room(): Promise<void> | undefined {
    if (!this.parts.backpressure || this.dead || this.closed) return undefined
    if (this.roomy === undefined) {
      if (this.held < this.high) return undefined
      this.roomy = Promise.withResolvers()
      this.seal()
    }
    return this.roomy.promise
  }

  /**
   * Resolves when everything pushed before has left or was given up, or after `withinMs`. Under back-pressure a slow endpoint
   * has as long again after each batch that it took.
   */
  async flush(withinMs: number): Promise<void> {
    this.seal()
    let before: number
    do {
      if (this.held === 0) return
      before = this.taken
      this.empty ??= Promise.withResolvers()
      const stop = new AbortController()
      await Promise.race([this.empty.promise, this.parts.world.clock.sleep(withinMs, stop.signal)])
      stop.abort()
    } while (this.parts.backpressure && this.taken > before)
  }

  /** Lets go of what has not left, counted and logged. Idempotent. */
  async close(): Promise<void> {
    this.closed = true
    this.timer?.cancel()
    this.abort.abort()
    const left = this.full.reduce((sum, batch) => sum + batch.length, this.filling.length)
    this.filling = []
    this.full = []
    if (left > 0) this.drop(left, 'the process ends')
    this.release(left)
    await Promise.all(this.sending)
    this.logLost('the process ends')
  }

  private seal(): void {
    this.timer?.cancel()
    this.timer = undefined
    if (this.filling.length > 0) {
      this.full.push(this.filling)
      this.filling = []
    }
    this.pump()
  }

  private pump(): void {
    while (this.sending.size < IN_FLIGHT) {
      const batch = this.full.shift()
      if (batch === undefined) return
      const sent = this.send(batch).finally(() => {
        this.sending.delete(sent)
        this.pump()
      })
      this.sending.add(sent)
    }
  }

  private async send(batch: ReadableSpan[]): Promise<void> {
    const { lost, why, dead } = await this.parts.deliver(batch, this.abort.signal)
    if (lost > 0) this.drop(lost, why)
    if (lost < batch.length) this.taken++
    if (this.dead && !dead) this.parts.log.info('Traces are exported again.')
    this.dead = dead
    this.release(batch.length)
  }

  private release(count: number): void {
    this.held -= count
    if (this.roomy !== undefined && (this.held <= this.low || this.dead || this.closed)) {
      this.roomy.resolve()
      this.roomy = undefined
    }
    if (this.empty !== undefined && this.held === 0) {
      this.empty.resolve()
      this.empty = undefined
    }
  }

  private drop(count: number, why: string): void {
    this.lost += count
    const now = this.parts.world.clock.monotonic()
    if (now - this.loggedAt < LOG_EVERY_MS) return
    this.loggedAt = now
    this.logLost(why)
  }

  private logLost(why: string): void {
    const dropped = this.lost - this.loggedLost
    if (dropped === 0) return
    this.loggedLost = this.lost
    const fields = { dropped, total: this.lost, reason: why }
    const text = 'Spans were dropped: traces have gaps, messages are not affected.'
    if (this.parts.backpressure) this.parts.log.error(fields, text)
    else this.parts.log.warn(fields, text)
  }
}
