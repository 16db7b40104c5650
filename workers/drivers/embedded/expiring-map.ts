// A map whose entries expire on the injected clock; what nobody asks for again does not stay.
import type { Clock } from '../../core/clock.ts'

interface Entry<V> {
  readonly value: V
  readonly until: number
}

/** Entries looked at for expiry on each write: one of them makes up for the entry that the write added. */
const SWEPT_PER_WRITE = 2

export class ExpiringMap<V> {
  private readonly clock: Clock
  private readonly removed: (key: string, value: V) => void
  private readonly entries = new Map<string, Entry<V>>()
  private hand: MapIterator<[string, Entry<V>]>

  /** `removed`: an entry is gone, for whatever reason. */
  constructor(clock: Clock, removed: (key: string, value: V) => void = () => {}) {
    this.clock = clock
    this.removed = removed
    this.hand = this.entries.entries()
  }

  get size(): number {
    return this.entries.size
  }

  /** In the order in which they were set, those that have expired included. */
  keys(): IterableIterator<string> {
    return this.entries.keys()
  }

  /** Milliseconds until the key expires; negative when it has, or was never set. */
  timeToLive(key: string): number {
    return (this.entries.get(key)?.until ?? -Infinity) - this.clock.monotonic()
  }

  get(key: string): V | undefined {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    if (entry.until > this.clock.monotonic()) return entry.value
    this.delete(key)
    return undefined
  }

  set(key: string, value: V, ttlMs: number): void {
    this.delete(key)
    this.entries.set(key, { value, until: this.clock.monotonic() + ttlMs })
    this.sweep()
  }

  /** False: there is none. */
  touch(key: string, ttlMs: number): boolean {
    const value = this.get(key)
    if (value === undefined) return false
    this.entries.set(key, { value, until: this.clock.monotonic() + ttlMs })
    return true
  }

  delete(key: string): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    this.entries.delete(key)
    this.removed(key, entry.value)
  }

  /** Goes round the entries, a few at a time. */
  private sweep(): void {
    const now = this.clock.monotonic()
    for (let looked = 0; looked < SWEPT_PER_WRITE; looked++) {
      const { value: found, done } = this.hand.next()
      if (done === true) {
        this.hand = this.entries.entries()
        return
      }
      const [key, { until }] = found
      if (until <= now) this.delete(key)
    }
  }
}
