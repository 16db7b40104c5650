// Whether a pipeline has a part in its source, since when, and how often it lost it; knows nothing of what it is a part of.
import type { Clock } from '../core/clock.ts'

export class Membership {
  /** In its group, be it without a lane. */
  joined = false
  /** By the monotonic clock; never at first. */
  since = Number.NEGATIVE_INFINITY
  /** How often its lanes were taken from it. */
  losses = 0
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  joins(): void {
    this.joined = true
    this.since = this.clock.monotonic()
  }

  loses(): void {
    this.joined = false
    this.since = this.clock.monotonic()
    this.losses++
  }
}
