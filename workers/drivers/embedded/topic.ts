// One topic in memory, as Kafka keeps it: partitions, offsets, a limit of size; forgets what every group is done with, and nothing else.
import type { LogMessage, RawMessage } from '../../core/message.ts'
import { murmur2 } from '../../core/murmur2.ts'

/** A partition above this forgets its oldest messages, as far as no group needs them. */
const RETAINED_BYTES = 16 * 1024 * 1024
/** Of a message's objects, roughly. */
const OVERHEAD_BYTES = 300
/** Appends between two looks at what may be forgotten. */
const TRIM_EVERY = 256

export class Partition {
  messages: LogMessage[] = []
  /** Offset of the oldest message that is left. */
  start = 0
  private bytes = 0

  /** The offset that the next message gets. */
  get end(): number {
    return this.start + this.messages.length
  }

  append({ key, value, headers, timestamp }: RawMessage): void {
    const message = { key, value, headers, timestamp, offset: this.end }
    this.bytes += sizeOf(message)
    this.messages.push(message)
  }

  read(from: number, count: number): LogMessage[] {
    const at = from - this.start
    return this.messages.slice(at, at + count)
  }

  /** Forgets the oldest messages below `floor` while there is too much. */
  trim(floor: number): void {
    let count = 0
    for (const message of this.messages) {
      if (this.bytes <= RETAINED_BYTES || message.offset >= floor) break
      this.bytes -= sizeOf(message)
      count++
    }
    if (count === 0) return
    this.messages = this.messages.slice(count)
    this.start += count
  }
}

const sizeOf = ({ key, value }: RawMessage) =>
  OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)

export class EmbeddedTopic {
  readonly partitions: readonly Partition[]
  readonly maxBytes: number
  /** For each group that ever read it: the lowest offset of a partition that it may still need. */
  readonly floors = new Set<(partition: number) => number>()
  private readonly watchers = new Set<() => void>()
  private turn = 0
  private appended = 0

  constructor(partitions: number, maxBytes: number) {
    this.partitions = Array.from({ length: partitions }, () => new Partition())
    this.maxBytes = maxBytes
  }

  append(message: RawMessage): void {
    this.place(message)
    this.wake()
  }

  /** Wakes readers once. */
  appendAll(messages: Iterable<RawMessage>): void {
    for (const message of messages) this.place(message)
    this.wake()
  }

  /** Calls `wake` after appends; returns how to stop that. */
  watch(wake: () => void): () => void {
    this.watchers.add(wake)
    return () => this.watchers.delete(wake)
  }

  private wake(): void {
    for (const wake of this.watchers) wake()
  }

  /** Keys go where Kafka's default partitioner puts them; messages without a key take turns. */
  private place(message: RawMessage): void {
    const count = this.partitions.length
    const index =
      message.key === null ? this.turn++ % count : (murmur2(message.key) & 0x7fffffff) % count
    ;(this.partitions[index] as Partition).append(message)
    if (++this.appended % TRIM_EVERY === 0) this.trim()
  }

  private trim(): void {
    for (const [index, partition] of this.partitions.entries()) {
      let floor = partition.end
      for (const floorOf of this.floors) floor = Math.min(floor, floorOf(index))
      partition.trim(floor)
    }
  }
}
