// How far in time the messages of a lane have come to one step. A message counts once all that were taken before it have come there
// or are finished: whoever overtakes others makes none of them late.
import type { OffsetTracker } from './offset-tracker.ts'

export class LaneTime {
  private readonly tracker: Pick<OffsetTracker, 'isDone'>
  /** All below have come, or are finished. */
  private next = 0
  private reached = Number.NEGATIVE_INFINITY
  /** Times of those that have come before their turn, by slot. */
  private readonly early = new Map<number, number>()

  constructor(tracker: Pick<OffsetTracker, 'isDone'>) {
    this.tracker = tracker
  }

  /** The highest time of all in line, if the message in `slot` came now. */
  reachedBy(slot: number, at: number): number {
    let { next, reached } = this
    if (slot < next) return Math.max(reached, at)
    for (; ; next++) {
      const time = next === slot ? at : this.early.get(next)
      if (time !== undefined) reached = Math.max(reached, time)
      else if (!this.tracker.isDone(next)) return reached
    }
  }

  /** It has come; a message may come several times, with another time for each of its items. */
  come(slot: number, at: number): void {
    if (slot < this.next) this.reached = Math.max(this.reached, at)
    else this.early.set(slot, Math.max(this.early.get(slot) ?? at, at))
    for (; ; this.next++) {
      const time = this.early.get(this.next)
      if (time === undefined && !this.tracker.isDone(this.next)) return
      this.reached = Math.max(this.reached, time ?? this.reached)
      this.early.delete(this.next)
    }
  }
}
