// A cache in memory with expiry on the injected clock; one state for all drivers of a process.
import type { Clock } from '../../core/clock.ts'

/** Entries kept at most; the oldest written go first, as a cache may. */
const MAX_ENTRIES = 500_000

export class EmbeddedCaches {
  private readonly clock: Clock
  private readonly entries = new Map<string, { value: string; until: number }>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  get(key: string): string | undefined {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    if (entry.until > this.clock.monotonic()) return entry.value
    this.entries.delete(key)
    return undefined
  }

  set(key: string, value: string, ttlMs: number): void {
    this.entries.delete(key)
    this.entries.set(key, { value, until: this.clock.monotonic() + ttlMs })
    if (this.entries.size <= MAX_ENTRIES) return
    const [oldest] = this.entries.keys()
    if (oldest !== undefined) this.entries.delete(oldest)
  }

  delete(key: string): void {
    this.entries.delete(key)
  }
}
