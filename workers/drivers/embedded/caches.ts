// A cache in memory with expiry on the injected clock; one state for all drivers of a process, never larger than its bounds.
import type { Clock } from '../../core/clock.ts'
import { Gate } from '../../core/gate.ts'
import { ExpiringMap } from './expiring-map.ts'

export interface CacheBounds {
  readonly entries: number
  /** Characters of keys and values together. */
  readonly characters: number
}

/** Beyond these the oldest written go first, as a cache may. */
const BOUNDS: CacheBounds = { entries: 500_000, characters: 128 * 1024 * 1024 }

/** A text, or a hash of fields. */
type Value = string | ReadonlyMap<string, string>

export class EmbeddedCaches {
  /** Shut: the server is away. */
  readonly available = new Gate(true)
  private readonly bounds: CacheBounds
  private readonly entries: ExpiringMap<Value>
  private characters = 0

  constructor(clock: Clock, bounds: CacheBounds = BOUNDS) {
    this.bounds = bounds
    this.entries = new ExpiringMap(
      clock,
      (key, value) => (this.characters -= key.length + lengthOf(value)),
    )
  }

  /** For tests and simulation: false takes the server away from all drivers, true gives it back with all its entries. */
  setAvailable(available: boolean): void {
    if (available) this.available.open()
    else this.available.shut()
  }

  /** Characters of keys and values together. */
  get held(): number {
    return this.characters
  }

  /** Every entry is gone, as after FLUSHALL or an eviction: for tests and simulation. */
  flush(): void {
    for (const key of this.entries.keys()) this.delete(key)
  }

  get size(): number {
    return this.entries.size
  }

  /** Milliseconds until the key expires; negative when it has, or was never set. */
  timeToLive(key: string): number {
    return this.entries.timeToLive(key)
  }

  get(key: string): Value | undefined {
    return this.entries.get(key)
  }

  set(key: string, value: Value, ttlMs: number): void {
    this.entries.set(key, value, ttlMs)
    this.characters += key.length + lengthOf(value)
    for (const oldest of this.entries.keys()) {
      const { entries, characters } = this.bounds
      if (this.entries.size <= entries && this.characters <= characters) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    this.entries.delete(key)
  }
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return value.length
  let sum = 0
  for (const [field, text] of value) sum += field.length + text.length
  return sum
}
