// Counts what each address does within the second of now; forgets everything a second later, so it never grows beyond that.
import type { Clock } from '../../core/clock.ts'

const SECOND = 1_000
/** More addresses than this in one second share one count. */
const ADDRESSES = 10_000

export class PerSecond {
  private readonly clock: Clock
  private readonly most: number
  private since = -Infinity
  private counts = new Map<string, number>()

  constructor(clock: Clock, most: number) {
    this.clock = clock
    this.most = most
  }

  /** Counts one more; false when that is too many. */
  take(address: string): boolean {
    const now = this.clock.monotonic()
    if (now - this.since >= SECOND) {
      this.since = now
      this.counts = new Map()
    }
    const name = this.counts.size < ADDRESSES || this.counts.has(address) ? address : ''
    const count = (this.counts.get(name) ?? 0) + 1
    this.counts.set(name, count)
    return count <= this.most
  }
}
