// Durable queues and exchanges in memory, as RabbitMQ has them; one state for all drivers of a process.
import type { Exchange, OutMessage, Queue } from '../../core/contract.ts'
import { Gate } from '../../core/gate.ts'
import { matches } from './routing-key.ts'

interface StoredQueue {
  readonly type: Queue['type']
  readonly limit: Queue['limit']
  messages: OutMessage[]
  bytes: number
}

interface StoredExchange {
  readonly type: Exchange['type']
  /** Each way once. */
  readonly bindings: Map<string, { readonly queue: string; readonly key: string }>
}

export type Sent = 'taken' | 'refused' | 'unroutable'

export class EmbeddedQueues {
  /** Shut: the broker is away. */
  readonly available = new Gate(true)
  private readonly queues = new Map<string, StoredQueue>()
  private readonly exchanges = new Map<string, StoredExchange>()

  /** For tests and simulation: false takes the broker away from all drivers, true gives it back with all its messages. */
  setAvailable(available: boolean): void {
    if (available) this.available.open()
    else this.available.shut()
  }

  /** The type of the queue as it exists; undefined when there is none. */
  typeOf(address: string): Queue['type'] | undefined {
    return this.queues.get(address)?.type
  }

  exchangeTypeOf(address: string): Exchange['type'] | undefined {
    return this.exchanges.get(address)?.type
  }

  /** False when it exists already; then nothing changes. */
  create(address: string, type: Queue['type'], limit?: Queue['limit']): boolean {
    if (this.queues.has(address)) return false
    this.queues.set(address, { type, limit, messages: [], bytes: 0 })
    return true
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

  push(address: string, message: OutMessage): Sent {
    const queue = this.queues.get(address)
    if (queue === undefined) return 'unroutable'
    return this.put(queue, message) ? 'taken' : 'refused'
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

  /** What stands on the queue, oldest first; looking consumes nothing. */
  peek(address: string): readonly OutMessage[] {
    return this.queues.get(address)?.messages ?? []
  }

  depth(address: string): number {
    return this.peek(address).length
  }

  private put(queue: StoredQueue, message: OutMessage): boolean {
    const size = message.value?.length ?? 0
    const { limit } = queue
    const over = () =>
      queue.messages.length >= (limit?.messages ?? Infinity) ||
      queue.bytes + size > (limit?.bytes ?? Infinity)
    if (limit?.overflow === 'reject' && over()) return false
    while (queue.messages.length > 0 && over())
      queue.bytes -= queue.messages.shift()?.value?.length ?? 0
    queue.messages.push(message)
    queue.bytes += size
    return true
  }
}
