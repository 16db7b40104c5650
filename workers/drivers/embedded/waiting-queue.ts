// A queue in memory that nobody reads: each message stays for the same time, and then goes on. It is gone here only once it was taken there.
import type { Clock } from '../../core/clock.ts'
import { StoredQueue, type Queued } from './stored-queue.ts'

/** What is not taken is offered again. */
const LOOK_AGAIN_MS = 1_000

export class WaitingQueue extends StoredQueue {
  private readonly clock: Clock
  private readonly waitMs: number
  private readonly goOn: (message: Queued) => boolean
  /** By the monotonic clock; the oldest is due first. */
  private readonly dueAt: number[] = []

  constructor(clock: Clock, waitMs: number, goOn: (message: Queued) => boolean) {
    super('quorum', undefined, false)
    this.clock = clock
    this.waitMs = waitMs
    this.goOn = goOn
  }

  override push(message: Queued): boolean {
    super.push(message)
    this.dueAt.push(this.clock.monotonic() + this.waitMs)
    if (this.dueAt.length === 1) this.lookIn(this.waitMs)
    return true
  }

  private lookIn(ms: number): void {
    this.clock.after(ms, () => {
      const late = !this.moveOn()
      const [next] = this.dueAt
      if (next !== undefined) this.lookIn(late ? LOOK_AGAIN_MS : next - this.clock.monotonic())
    })
  }

  /** False when one that is due was not taken. */
  private moveOn(): boolean {
    while ((this.dueAt[0] ?? Infinity) <= this.clock.monotonic()) {
      if (!this.goOn(this.oldest as Queued)) return false
      this.take()
      this.dueAt.shift()
    }
    return true
  }
}
