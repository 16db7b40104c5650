// How long to wait before a process that ended is started again, and when its endings are a loop; pure, on the given random source.
import type { Random } from '../../core/clock.ts'
import { backoffMs } from '../backoff.ts'

/** A process that lived this long was a good one: the next pause starts small again. */
export const STEADY_MS = 30_000

/** So many endings in a row, none after a steady life, are a loop. */
export const LOOP = 5

const PAUSE = { firstMs: 500, maxMs: 30_000, jitter: 'none' } as const

export class Restarts {
  private readonly random: Random
  private inRow = 0

  constructor(random: Random) {
    this.random = random
  }

  /** Endings since the last steady life. */
  get failures(): number {
    return this.inRow
  }

  get looping(): boolean {
    return this.inRow >= LOOP
  }

  /** Milliseconds until the next start; half of it by chance, so that a fleet does not come back in one wave. */
  after(livedMs: number): number {
    this.inRow = livedMs >= STEADY_MS ? 1 : this.inRow + 1
    return Math.round(backoffMs(PAUSE, this.inRow, this.random) * (0.5 + this.random.next() / 2))
  }

  /** Another configuration, or a life that is steady by now: what ended before says nothing. */
  reset(): void {
    this.inRow = 0
  }
}
