// Durable queues and exchanges in memory, as RabbitMQ has them; one state for all drivers of a process.
import type { Clock } from '../../core/clock.ts'
import type { Exchange, OutMessage, Queue } from '../../core/contract.ts'
import type { Reach } from './reach.ts'
import { matches } from './routing-key.ts'
import { StoredQueue, type Consumer, type Queued, type Subscription } from './stored-queue.ts'
import { WaitingQueue } from './waiting-queue.ts'

interface StoredExchange {
  readonly type: Exchange['type']
  /** Each way once. */
  readonly bindings: Map<string, { readonly queue: string; readonly key: string }>
}

type Terms = Partial<Pick<Queue, 'limit' | 'singleActiveConsumer' | 'waits'>>

export type Sent = 'taken' | 'refused' | 'unroutable'

export class EmbeddedQueues {
  private readonly clock: Clock
  private available = true
  private readonly queues = new Map<string, StoredQueue>()
  private readonly exchanges = new Map<string, StoredExchange>()
  private readonly reaches = new Set<Reach>()
  private readonly watchers = new Set<() => void>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** For tests and simulation: false takes the broker away from all drivers, true gives it back with all its messages. */
  setAvailable(available: boolean): void {
    this.available = available
    for (const reach of this.reaches)
      if (available) reach.heal('away')
      else reach.cut('away')
  }

  /** A driver's own way to the broker goes up and down with it. */
  reachedBy(reach: Reach): void {
    this.reaches.add(reach)
    if (!this.available) reach.cut('away')
  }

  get isAvailable(): boolean {
    return this.available
  }

  /** Calls `look` after a queue was created; returns how to stop that. */
  watchCreation(look: () => void): () => void {
    this.watchers.add(look)
    return () => this.watchers.delete(look)
  }

  /** The type of the queue as it exists; undefined when there is none. */
  typeOf(address: string): Queue['type'] | undefined {
    return this.queues.get(address)?.type
  }

  exchangeTypeOf(address: string): Exchange['type'] | undefined {
    return this.exchanges.get(address)?.type
  }

  /** False when it exists already; then nothing changes. */
  create(
    address: string,
    type: Queue['type'],
    { limit, singleActiveConsumer = false, waits }: Terms = {},
  ): boolean {
    if (this.queues.has(address)) return false
    const queue =
      waits === undefined
        ? new StoredQueue(type, limit, singleActiveConsumer)
        : new WaitingQueue(this.clock, waits.ms, (due) => this.push(waits.then, due) === 'taken')
    this.queues.set(address, queue)
    for (const look of this.watchers) look()
    return true
  }

  /** Of a queue that is there. */
  consume(address: string, consumer: Consumer): Subscription {
    return (this.queues.get(address) as StoredQueue).consume(consumer)
  }

  remove(address: string): void {
    this.queues.delete(address)
  }

  /** False when it exists already; then nothing changes. */
  createExchange(address: string, type: Exchange['type']): boolean {
    if (this.exchanges.has(address)) return false
    this.exchanges.set(address, { type, bindings: new Map() })
    return true
  }

  /** False when there is no such exchange. */
  bind(queue: string, exchange: string, key: string): boolean {
    const bindings = this.exchanges.get(exchange)?.bindings
    bindings?.set(JSON.stringify([queue, key]), { queue, key })
    return bindings !== undefined
  }

  push(address: string, message: Queued): Sent {
    const queue = this.queues.get(address)
    if (queue === undefined) return 'unroutable'
    return queue.push(message) ? 'taken' : 'refused'
  }

  /** To each queue once, however many of its bindings match. Refused when one of them refuses, as RabbitMQ has it. */
  route(exchange: string, message: OutMessage): Sent {
    const { type, bindings } = this.exchanges.get(exchange) ?? {}
    const key = message.routingKey ?? ''
    const targets = new Set<string>()
    for (const binding of bindings?.values() ?? [])
      if (type === 'fanout' || matches(binding.key, key, type === 'topic'))
        targets.add(binding.queue)
    if (targets.size === 0) return 'unroutable'
    const sent = [...targets].map((queue) => this.push(queue, message))
    return sent.includes('refused') ? 'refused' : 'taken'
  }

  /** What waits for a consumer, oldest first; looking consumes nothing. */
  peek(address: string): readonly Queued[] {
    return this.queues.get(address)?.messages ?? []
  }

  /** Undefined when there is no such queue. */
  find(
    address: string,
  ): Pick<StoredQueue, 'depth' | 'unsettled' | 'consumerCount' | 'type'> | undefined {
    return this.queues.get(address)
  }

  depth(address: string): number {
    return this.queues.get(address)?.depth ?? 0
  }
}
