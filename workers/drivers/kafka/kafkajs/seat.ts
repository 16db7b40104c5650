// Stands around what kafkajs does in its group and tells the membership of it; knows which lane each batch was fetched for.
import type { Clock } from '../../../core/clock.ts'
import type { FedLane, Seat } from '../client.ts'
import { KafkajsGroup } from './group.ts'
import type { ConsumerGroup, FetchedBatch } from './internals.ts'
import type { GroupHook } from './patches.ts'

export class KafkajsSeat implements GroupHook {
  private readonly seat: Seat
  private readonly topic: string
  private readonly clock: Clock
  private group: KafkajsGroup | undefined
  /** A batch may be handed over only after the next rebalance. */
  private readonly fetchedFor = new WeakMap<object, FedLane>()

  constructor(seat: Seat, topic: string, clock: Clock) {
    this.seat = seat
    this.topic = topic
    this.clock = clock
  }

  /** Undefined when the partition was not ours at the time of the fetch. */
  laneFor(batch: object): FedLane | undefined {
    return this.fetchedFor.get(batch)
  }

  join(group: ConsumerGroup, step: () => Promise<void>): Promise<void> {
    this.group ??= new KafkajsGroup(group, this.topic)
    return this.seat.join(this.group, step)
  }

  async heartbeat(group: ConsumerGroup, step: () => Promise<void>): Promise<void> {
    const at = this.clock.monotonic()
    const before = group.lastRequest
    await step()
    if (group.lastRequest !== before) this.seat.heard(at)
  }

  async fetch(group: ConsumerGroup, step: () => Promise<FetchedBatch[]>): Promise<FetchedBatch[]> {
    const { lanes } = this.seat
    const { offsetManager } = group
    const batches = await step()
    // Fetched at the places of an earlier generation: they may lie past what this one must read.
    if (group.offsetManager !== offsetManager) return []
    const now = this.clock.monotonic()
    for (const batch of batches) {
      const lane = lanes.find(({ partition }) => partition === batch.partition)
      if (lane === undefined) continue
      this.fetchedFor.set(batch, lane)
      // Control records and aborted messages only: the client passes them by itself.
      if (batch.isEmptyDueToFiltering() && Number(batch.fetchedOffset) === lane.position)
        lane.moved(Number(batch.lastOffset()) + 1, now)
      lane.fetched(Number(batch.highWatermark), now)
    }
    return batches
  }

  /** A client that leaves because it crashed has drained nothing: its work must start no effect any more. */
  leave(_group: ConsumerGroup, step: () => Promise<void>): Promise<void> {
    this.seat.lose()
    return step()
  }
}
