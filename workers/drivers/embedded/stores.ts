// Stored values in memory, with expiry on the injected clock, and which effects wrote them; one state for all drivers of a process.
import type { Clock } from '../../core/clock.ts'
import type { Put, StoredValue, StoreEntry } from '../../core/contract.ts'
import { Gate } from '../../core/gate.ts'
import { ExpiringMap } from './expiring-map.ts'

/** What writes a value. */
type Effect = Pick<StoreEntry, 'id' | 'guardMs' | 'version'>

export class EmbeddedStores {
  /** Shut: the server is away. */
  readonly available = new Gate(true)
  private readonly values: ExpiringMap<StoredValue>
  private readonly versions: ExpiringMap<number>
  private readonly effects: ExpiringMap<true>

  constructor(clock: Clock) {
    this.values = new ExpiringMap(clock)
    this.versions = new ExpiringMap(clock)
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

  /** A hash without fields is none. */
  put(key: string, value: StoredValue, ttlMs: number, { id, guardMs, version }: Effect): Put {
    const mark = JSON.stringify([key, id])
    if (guardMs > 0 && this.effects.get(mark) === true) return 'repeated'
    const isOutdated = version !== undefined && (this.versions.get(key) ?? 0) > version
    if (!isOutdated) {
      if (typeof value !== 'string' && value.size === 0) this.values.delete(key)
      else this.values.set(key, value, ttlMs)
      if (version === undefined) this.versions.delete(key)
      else this.versions.set(key, version, ttlMs)
    }
    if (guardMs > 0) this.effects.set(mark, true, guardMs)
    return isOutdated ? 'outdated' : 'written'
  }

  /** False: there is none. */
  touch(key: string, ttlMs: number): boolean {
    this.versions.touch(key, ttlMs)
    return this.values.touch(key, ttlMs)
  }

  /** False: there was none. */
  destroy(key: string): boolean {
    const isThere = this.get(key) !== undefined
    this.versions.delete(key)
    this.values.delete(key)
    return isThere
  }
}
