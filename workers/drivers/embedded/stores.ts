// Stored values in memory, with expiry on the injected clock, and which effects wrote them; one state for all drivers of a process.
import type { Clock } from '../../core/clock.ts'
import { Gate } from '../../core/gate.ts'
import { ExpiringMap } from './expiring-map.ts'

/** A text, or a hash of fields. */
export type StoredValue = string | ReadonlyMap<string, string>

export class EmbeddedStores {
  /** Shut: the server is away. */
  readonly available = new Gate(true)
  private readonly values: ExpiringMap<StoredValue>
  private readonly effects: ExpiringMap<true>

  constructor(clock: Clock) {
    this.values = new ExpiringMap(clock)
    this.effects = new ExpiringMap(clock)
  }

  /** For tests and simulation: false takes the server away from all drivers, true gives it back with all it holds. */
  setAvailable(available: boolean): void {
    if (available) this.available.open()
    else this.available.shut()
  }

  get(key: string): StoredValue | undefined {
    return this.values.get(key)
  }

  /** Milliseconds until the value goes; negative when it has, or was never there. */
  timeToLive(key: string): number {
    return this.values.timeToLive(key)
  }

  /** False: this effect was there before. A hash without fields is none. */
  put(key: string, value: StoredValue, ttlMs: number, effect: string, guardMs: number): boolean {
    const mark = JSON.stringify([key, effect])
    if (guardMs > 0 && this.effects.get(mark) === true) return false
    if (typeof value !== 'string' && value.size === 0) this.values.delete(key)
    else this.values.set(key, value, ttlMs)
    if (guardMs > 0) this.effects.set(mark, true, guardMs)
    return true
  }
}
