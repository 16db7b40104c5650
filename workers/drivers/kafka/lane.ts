// One partition during one tenure: whose it is, how far it was offered, and whether the coordinator still knows us.
import type { Lane } from '../../core/contract.ts'

/** A lane that was not fetched for this long, though nothing held us back, does not count as standing at its end. */
const STALE_MS = 10_000

export class KafkaLane implements Lane {
  readonly id: string
  readonly partition: number
  owned = true
  /** Next offset to offer; everything below was offered in this tenure or is none of its business. */
  position: number
  /** High watermark as of the last fetch. */
  private end = Number.POSITIVE_INFINITY
  private fetchedAt: number
  private movedAt: number
  private readonly heardLately: () => boolean

  constructor(
    id: string,
    partition: number,
    position: number,
    now: number,
    heardLately: () => boolean,
  ) {
    this.id = id
    this.partition = partition
    this.position = position
    this.fetchedAt = now
    this.movedAt = now
    this.heardLately = heardLately
  }

  live(): boolean {
    return this.owned && this.heardLately()
  }

  fetched(end: number, now: number): void {
    this.end = end
    this.fetchedAt = now
    if (this.position >= end) this.movedAt = now
  }

  moved(position: number, now: number): void {
    this.position = position
    this.movedAt = now
  }

  /** `held`: a full window keeps us from fetching anything. */
  progress(now: number, held: boolean): { caughtUp: boolean; at: number } {
    const fresh = held || now - this.fetchedAt <= STALE_MS
    return { caughtUp: fresh && this.position >= this.end, at: this.movedAt }
  }
}
