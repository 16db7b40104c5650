// A cache in memory with expiry on the injected clock; one state for all drivers of a process, never larger than its bounds.
import type { Clock } from '../../core/clock.ts'
import { Gate } from '../../core/gate.ts'

export interface CacheBounds {
  readonly entries: number
  /** Characters of keys and values together. */
  readonly characters: number
}

/** Beyond these the oldest written go first, as a cache may. */
const BOUNDS: CacheBounds = { entries: 500_000, characters: 128 * 1024 * 1024 }
/** Entries looked at for expiry on each write: one of them makes up for the entry that the write added. */
const SWEPT_PER_WRITE = 2

/** A text, or a hash of fields. */
type Value = string | ReadonlyMap<string, string>

interface Entry {
  readonly value: Value
  readonly until: number
}

export class EmbeddedCaches {
  /** Shut: the server is away. */
  readonly available = new Gate(true)
  private readonly clock: Clock
  private readonly bounds: CacheBounds
  private readonly entries = new Map<string, Entry>()
  private characters = 0
  private hand: MapIterator<[string, Entry]>

  constructor(clock: Clock, bounds: CacheBounds = BOUNDS) {
    this.clock = clock
    this.bounds = bounds
    this.hand = this.entries.entries()
  }

  /** For tests and simulation: false takes the server away from all drivers, true gives it back with all its entries. */
  setAvailable(available: boolean): void {
    if (available) this.available.open()
    else this.available.shut()
  }

  get size(): number {
    return this.entries.size
  }

  /** Milliseconds until the key expires; negative when it has, or was never set. */
  timeToLive(key: string): number {
    return (this.entries.get(key)?.until ?? -Infinity) - this.clock.monotonic()
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    if (entry.until > this.clock.monotonic()) return entry.value
    this.delete(key)
    return undefined
  }

  set(key: string, value: Value, ttlMs: number): void {
    this.delete(key)
    this.entries.set(key, { value, until: this.clock.monotonic() + ttlMs })
    this.characters += key.length + lengthOf(value)
    this.sweep()
    for (const oldest of this.entries.keys()) {
      const { entries, characters } = this.bounds
      if (this.entries.size <= entries && this.characters <= characters) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    this.entries.delete(key)
    this.characters -= key.length + lengthOf(entry.value)
  }

  /** Goes round the entries a few at a time, so that what nobody asks for again does not stay. */
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

function lengthOf(value: Value): number {
  if (typeof value === 'string') return value.length
  let sum = 0
  for (const [field, text] of value) sum += field.length + text.length
  return sum
}
