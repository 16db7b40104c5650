// Durable queues in memory, as RabbitMQ's default exchange sees them; one state for all drivers of a process.
import type { OutMessage } from '../../core/contract.ts'
import { Gate } from '../../core/gate.ts'
import type { QueuePlan } from '../../core/plan.ts'

interface StoredQueue {
  readonly type: QueuePlan['type']
  readonly messages: OutMessage[]
}

export class EmbeddedQueues {
  /** Shut: the broker is away. */
  readonly available = new Gate(true)
  private readonly queues = new Map<string, StoredQueue>()

  /** For tests and simulation: false takes the broker away from all drivers, true gives it back with all its messages. */
  setAvailable(available: boolean): void {
    if (available) this.available.open()
    else this.available.shut()
  }

  /** The type of the queue as it exists; undefined when there is none. */
  typeOf(address: string): QueuePlan['type'] | undefined {
    return this.queues.get(address)?.type
  }

  /** False when it exists already; then nothing changes. */
  create(address: string, type: QueuePlan['type']): boolean {
    if (this.queues.has(address)) return false
    this.queues.set(address, { type, messages: [] })
    return true
  }

  /** False when there is no such queue. */
  push(address: string, message: OutMessage): boolean {
    const queue = this.queues.get(address)
    queue?.messages.push(message)
    return queue !== undefined
  }

  /** What stands on the queue, oldest first; looking consumes nothing. */
  peek(address: string): readonly OutMessage[] {
    return this.queues.get(address)?.messages ?? []
  }

  depth(address: string): number {
    return this.peek(address).length
  }
}
