// Topics and consumer groups in memory, as Kafka keeps them: partitions, offsets, eager rebalances; one state for all drivers of a process.
import type { LogMessage, RawMessage } from '../../core/message.ts'
import { murmur2 } from './murmur2.ts'

export interface StoredOffset {
  readonly next: number
  readonly note: string
}

export class Partition {
  readonly messages: LogMessage[] = []

  get end(): number {
    return this.messages.length
  }
}

export class EmbeddedTopic {
  readonly partitions: readonly Partition[]
  readonly maxBytes: number
  private readonly watchers = new Set<() => void>()
  private nextPartition = 0

  constructor(partitions: number, maxBytes: number) {
    this.partitions = Array.from({ length: partitions }, () => new Partition())
    this.maxBytes = maxBytes
  }

  /** Keys go where Kafka's default partitioner puts them; messages without a key take turns. */
  append(message: RawMessage): void {
    const count = this.partitions.length
    const index =
      message.key === null
        ? this.nextPartition++ % count
        : (murmur2(message.key) & 0x7fffffff) % count
    const partition = this.partitions[index] as Partition
    const { key, value, headers, timestamp } = message
    partition.messages.push({ key, value, headers, timestamp, offset: partition.end })
    for (const wake of this.watchers) wake()
  }

  /** Calls `wake` at each append; returns how to stop that. */
  watch(wake: () => void): () => void {
    this.watchers.add(wake)
    return () => this.watchers.delete(wake)
  }
}

/** One member's side of a rebalance. */
export interface Member {
  /** Gives up all partitions; resolves when its work is drained and committed. */
  revoke(): Promise<void>
  grant(partitions: readonly number[]): void
}

export class Group {
  readonly offsets = new Map<number, StoredOffset>()
  private readonly partitions: number
  private readonly members: Member[] = []
  private changing: Promise<void> = Promise.resolve()

  constructor(partitions: number) {
    this.partitions = partitions
  }

  /** Resolves after the rebalance that the change causes. */
  join(member: Member): Promise<void> {
    return this.rebalance(() => this.members.push(member))
  }

  leave(member: Member): Promise<void> {
    return this.rebalance(() => {
      const at = this.members.indexOf(member)
      if (at >= 0) this.members.splice(at, 1)
    })
  }

  /** Without a word to the member: as a process that was killed. */
  expire(member: Member): Promise<void> {
    const at = this.members.indexOf(member)
    if (at >= 0) this.members.splice(at, 1)
    return this.rebalance(() => {})
  }

  /** Everybody gives up everything before anybody is given anything. */
  private rebalance(change: () => void): Promise<void> {
    this.changing = this.changing.then(async () => {
      await Promise.all(this.members.map((member) => member.revoke()))
      change()
      const { members } = this
      members.forEach((member, index) => {
        const mine = Array.from({ length: this.partitions }, (_, n) => n)
        member.grant(mine.filter((n) => n % members.length === index))
      })
    })
    return this.changing
  }
}

export class EmbeddedTopics {
  private readonly topics = new Map<string, EmbeddedTopic>()
  private readonly groups = new Map<string, Group>()

  get(address: string): EmbeddedTopic | undefined {
    return this.topics.get(address)
  }

  /** False when it exists already; then nothing changes. */
  create(address: string, partitions: number, maxBytes: number): boolean {
    if (this.topics.has(address)) return false
    this.topics.set(address, new EmbeddedTopic(partitions, maxBytes))
    return true
  }

  group(name: string, address: string): Group {
    const id = `${name}\u0000${address}`
    let group = this.groups.get(id)
    if (group === undefined) {
      group = new Group(this.topics.get(address)?.partitions.length ?? 0)
      this.groups.set(id, group)
    }
    return group
  }
}
