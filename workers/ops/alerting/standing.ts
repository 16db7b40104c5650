// How one thing stands: it changes only when what is seen has differed for long enough, so what comes and goes changes nothing.
import type { Status } from '../health/health.ts'

const RANK: Readonly<Record<Status, number>> = { pass: 0, warn: 1, fail: 2 }

export class Standing {
  private readonly forMs: number
  private decided: Status
  private change: { readonly worse: boolean; nearest: Status; readonly since: number } | undefined

  constructor(forMs: number, status: Status = 'pass') {
    this.forMs = forMs
    this.decided = status
  }

  get status(): Status {
    return this.decided
  }

  /** `now` is monotonic, milliseconds. Of several levels that were seen on one side, the nearest is what held all the time. */
  see(status: Status, now: number): void {
    if (status === this.decided) {
      this.change = undefined
      return
    }
    const worse = RANK[status] > RANK[this.decided]
    if (this.change?.worse !== worse) this.change = { worse, nearest: status, since: now }
    else if (RANK[status] < RANK[this.change.nearest] === worse) this.change.nearest = status
    if (now - this.change.since < this.forMs) return
    this.decided = this.change.nearest
    this.change = undefined
  }

  /** Nobody could look: what would have been seen is not known, so nothing has held. */
  lose(): void {
    this.change = undefined
  }

  /** Somebody else said so. */
  become(status: Status): void {
    this.decided = status
    this.change = undefined
  }
}
