// One queue in memory with its consumers: messages go to whoever has room, oldest first; what a consumer leaves unsettled comes again.
import type { JobEnd, OutMessage, Queue } from '../../core/contract.ts'
import type { Parked } from '../../core/message.ts'

/** A message as a queue keeps it. */
export interface Queued extends OutMessage {
  /** Of an answer. */
  readonly correlationId?: string
  /** Nobody wants it any more. */
  readonly expired?: () => boolean
}

interface Stored {
  readonly message: Queued
  /** Its place in line, which it keeps when it comes back. */
  readonly place: number
  /** How often it was delivered before. */
  readonly times: number
}

export interface Consumer {
  readonly prefetch: number
  /** Of jobs: nothing more is handed over while what was is as large. */
  readonly bytes?: number | undefined
  /** `noted`: of a job. */
  /** `times`: how often it was delivered before. */
  deliver(message: Queued, tag: number, times: number, noted?: Parked): void
}

/** One consumer on one channel; tags count its deliveries from 1. */
export interface Subscription {
  /** `end`: kept of a job. */
  ack(tag: number, end?: JobEnd): void
  /** No more deliveries; what was delivered may still be settled. */
  cancel(): void
  /** The channel is gone: what was not settled goes back to its place. Idempotent. */
  close(): void
}

export class StoredQueue {
  readonly type: Queue['type']
  private readonly limit: Queue['limit']
  private readonly singleActive: boolean
  private ready: Stored[] = []
  private bytes = 0
  private lastPlace = 0
  /** In the order of their turns. */
  private readonly consumers = new Set<Taking>()

  constructor(type: Queue['type'], limit: Queue['limit'], singleActive: boolean) {
    this.type = type
    this.limit = limit
    this.singleActive = singleActive
  }

  /** Waiting for a consumer, oldest first. */
  get messages(): readonly Queued[] {
    return this.ready.map(({ message }) => message)
  }

  get oldest(): Queued | undefined {
    return this.ready[0]?.message
  }

  get depth(): number {
    return this.ready.length
  }

  /** With a consumer. */
  get unsettled(): number {
    return [...this.consumers].reduce((sum, { unsettled }) => sum + unsettled.size, 0)
  }

  get consumerCount(): number {
    return this.consumers.size
  }

  /** False when it is full and says so. */
  push(message: Queued): boolean {
    const size = message.value?.length ?? 0
    const { limit } = this
    const over = () =>
      this.ready.length >= (limit?.messages ?? Infinity) ||
      this.bytes + size > (limit?.bytes ?? Infinity)
    if (limit?.overflow === 'reject' && over()) return false
    while (this.ready.length > 0 && over()) this.take()
    this.ready.push({ message, place: ++this.lastPlace, times: 0 })
    this.bytes += size
    this.pump()
    return true
  }

  consume(consumer: Consumer): Subscription {
    const taking = new Taking(consumer)
    this.consumers.add(taking)
    this.pump()
    return {
      ack: (tag) => {
        taking.unsettled.delete(tag)
        this.pump()
      },
      cancel: () => this.leave(taking),
      close: () => {
        this.leave(taking)
        this.putBack([...taking.unsettled.values()])
        taking.unsettled.clear()
      },
    }
  }

  private leave(taking: Taking): void {
    this.consumers.delete(taking)
    this.pump()
  }

  private putBack(stored: readonly Stored[]): void {
    if (stored.length === 0) return
    for (const { message } of stored) this.bytes += message.value?.length ?? 0
    const back = stored.map((one) => ({ ...one, times: one.times + 1 }))
    this.ready = [...back, ...this.ready].toSorted((a, b) => a.place - b.place)
    this.pump()
  }

  private pump(): void {
    for (let taking = this.next(); taking !== undefined; taking = this.next()) {
      const stored = this.take()
      if (stored === undefined) return
      // Its turn is over: the next message goes to the next who has room.
      if (!this.singleActive) {
        this.consumers.delete(taking)
        this.consumers.add(taking)
      }
      taking.give(stored)
    }
  }

  private next(): Taking | undefined {
    if (this.ready.length === 0) return undefined
    const [first, ...others] = this.consumers
    if (first?.hasRoom === true) return first
    return this.singleActive ? undefined : others.find(({ hasRoom }) => hasRoom)
  }

  /** The oldest that has not expired. */
  protected take(): Stored | undefined {
    for (;;) {
      const stored = this.ready.shift()
      this.bytes -= stored?.message.value?.length ?? 0
      if (stored?.message.expired?.() !== true) return stored
    }
  }
}

class Taking {
  readonly unsettled = new Map<number, Stored>()
  private readonly consumer: Consumer
  private lastTag = 0

  constructor(consumer: Consumer) {
    this.consumer = consumer
  }

  get hasRoom(): boolean {
    return this.unsettled.size < this.consumer.prefetch
  }

  give(stored: Stored): void {
    const tag = ++this.lastTag
    this.unsettled.set(tag, stored)
    this.consumer.deliver(stored.message, tag, stored.times)
  }
}
