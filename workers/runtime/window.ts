// Bounds what one pipeline holds taken and unsettled, in messages and in bytes; wakes the source when there is room again.
import type { Clock, Timer } from '../core/clock.ts'

/** Bytes of keys and values held at most; one message always fits. */
export const MAX_BYTES = 64 * 1024 * 1024
/** How long a window that is nearly full may stay shut, milliseconds. */
const REOPEN_MS = 20

export interface WindowSize {
  /** Messages taken and unsettled. */
  readonly window: number
  /** Messages at work. */
  readonly concurrency: number
}

export class Window {
  private readonly size: WindowSize
  private readonly isAway: () => boolean
  private readonly clock: Clock
  private waiters: (() => void)[] = []
  private timer: Timer | undefined
  private messages = 0
  private bytes = 0
  /** While true nothing is taken, whatever room there is. */
  shut = false

  /** While something is away, hardly anything is taken. Whoever brings it back calls `reopen`. */
  constructor(size: WindowSize, isAway: () => boolean, clock: Clock) {
    this.size = size
    this.isAway = isAway
    this.clock = clock
  }

  /** What tries one after the other whether it is back must be there; the rest may as well wait at its broker. */
  private get limit(): number {
    const { window, concurrency } = this.size
    return this.isAway() ? Math.min(window, concurrency) : window
  }

  get held(): number {
    return this.messages
  }

  hasRoom(): boolean {
    return (
      !this.shut && this.messages < this.limit && (this.bytes < MAX_BYTES || this.messages === 0)
    )
  }

  take(bytes: number): void {
    this.messages++
    this.bytes += bytes
  }

  release(messages: number, bytes: number): void {
    this.messages -= messages
    this.bytes -= bytes
    if (this.waiters.length > 0) this.reopen()
  }

  /** Resolves when there is room: at once after a quarter came free, else soon, so that a source is not woken for each message. */
  room(): Promise<void> {
    if (this.hasRoom() && this.messages <= this.limit * 0.75) return Promise.resolve()
    return new Promise((resolve) => {
      this.waiters.push(resolve)
      this.reopen()
    })
  }

  /** Something else changed: look again. */
  reopen(): void {
    if (!this.hasRoom()) return
    if (this.messages <= this.limit * 0.75) this.wake()
    else this.timer ??= this.clock.after(REOPEN_MS, () => this.wakeIfRoom())
  }

  private wakeIfRoom(): void {
    this.timer = undefined
    if (this.hasRoom()) this.wake()
  }

  /** Everybody who waits looks again, room or not. */
  wake(): void {
    this.timer?.cancel()
    this.timer = undefined
    const waiting = this.waiters
    this.waiters = []
    for (const resolve of waiting) resolve()
  }
}
