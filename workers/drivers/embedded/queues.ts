// Durable queues in memory, as RabbitMQ's default exchange sees them; one state for all drivers of a process.
import type { OutMessage } from '../../core/contract.ts'

export class EmbeddedQueues {
  private readonly queues = new Map<string, OutMessage[]>()

  /** False when it exists already; then nothing changes. */
  create(address: string): boolean {
    if (this.queues.has(address)) return false
    this.queues.set(address, [])
    return true
  }

  /** False when there is no such queue. */
  push(address: string, message: OutMessage): boolean {
    const queue = this.queues.get(address)
    queue?.push(message)
    return queue !== undefined
  }

  /** What stands on the queue, oldest first; looking consumes nothing. */
  peek(address: string): readonly OutMessage[] {
    return this.queues.get(address) ?? []
  }
}
