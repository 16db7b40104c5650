// Bounds many short waits with one coarse timer instead of one each; an event loop that stood still counts as one tick.
import type { Clock, Timer } from './clock.ts'

/** Something that waits. Its limit runs from `add`. */
export interface Waiting {
  /** Set by `Deadlines`. */
  bornAt: number
  /** The limit has passed; it is no longer watched. */
  expire(): void
}

/**
 * Expires what was added and not deleted within the limit, at most two ticks late. Time is counted in ticks of a timer that
 * is armed anew after it fired: when this process was stopped or busy, answers that arrived meanwhile are read before anything expires.
 */
export class Deadlines {
  private readonly clock: Clock
  private readonly tickMs: number
  private readonly ticks: number
  /** In the order of being added, which is the order of expiring. */
  private readonly waiting = new Set<Waiting>()
  private timer: Timer | undefined
  private tick = 0

  constructor(clock: Clock, limitMs: number, tickMs: number) {
    this.clock = clock
    this.tickMs = tickMs
    this.ticks = Math.ceil(limitMs / tickMs) + 1
  }

  /** Ticks while something waited: a clock of waiting time. */
  get now(): number {
    return this.tick
  }

  add(entry: Waiting): void {
    entry.bornAt = this.tick
    this.waiting.add(entry)
    this.timer ??= this.clock.after(this.tickMs, this.onTick)
  }

  delete(entry: Waiting): void {
    this.waiting.delete(entry)
  }

  private readonly onTick = (): void => {
    this.timer = undefined
    this.tick++
    for (const entry of this.waiting) {
      if (this.tick - entry.bornAt < this.ticks) break
      this.waiting.delete(entry)
      entry.expire()
    }
    // `expire` may have added something, and so armed the timer already.
    if (this.waiting.size > 0) this.timer ??= this.clock.after(this.tickMs, this.onTick)
  }
}
