// The state store in memory, with expiry on the injected clock; it outlives the drivers, as a server outlives its clients.
import type { Clock } from '../../core/clock.ts'
import type { Claim, Claimed, StateText, WindowAnswer, WindowEntry } from '../../core/contract.ts'
import { Gate } from '../../core/gate.ts'
import { ExpiringMap } from './expiring-map.ts'
import { EmbeddedWindows } from './windows.ts'

type Holding = Pick<Claim, 'place' | 'message' | 'again' | 'token'> & { readonly until: number }

export class EmbeddedState {
  /** Shut: the server is away. */
  readonly available = new Gate(true)
  private readonly clock: Clock
  private readonly records: ExpiringMap<Holding | 'done'>
  private readonly folders = new Map<string, ExpiringMap<string>>()
  private readonly windows = new Map<string, EmbeddedWindows>()

  constructor(clock: Clock) {
    this.clock = clock
    this.records = new ExpiringMap(clock)
  }

  /** For tests and simulation: false takes the server away from all drivers, true gives it back with all it holds. */
  setAvailable(available: boolean): void {
    if (available) this.available.open()
    else this.available.shut()
  }

  claim({ key, leaseMs, keepMs, ...claim }: Claim): Claimed {
    const record = this.records.get(key)
    if (record === 'done') return { kind: 'done' }
    const now = this.clock.monotonic()
    const isMine = (held: Holding) =>
      held.place === claim.place || (held.message === claim.message && claim.again > held.again)
    if (record !== undefined && !isMine(record) && record.until > now)
      return { kind: 'held', leftMs: Math.ceil(record.until - now) }
    this.records.set(key, { ...claim, until: now + leaseMs }, keepMs)
    return { kind: 'taken' }
  }

  settle({ key, place, token, leaseMs, keepMs }: Claim, as: 'done' | 'open' | 'held'): void {
    if (as === 'done') {
      this.records.set(key, 'done', keepMs)
      return
    }
    const record = this.records.get(key)
    if (record === 'done' || record?.place !== place || record.token !== token) return
    if (as === 'open') this.records.delete(key)
    else this.records.set(key, { ...record, until: this.clock.monotonic() + leaseMs }, keepMs)
  }

  write({ folder, name, text, ttlMs, ifAbsent }: StateText): boolean {
    const texts = this.folders.get(folder) ?? new ExpiringMap<string>(this.clock)
    this.folders.set(folder, texts)
    const stands = ifAbsent === true ? texts.get(name) : undefined
    if (stands !== undefined && stands !== text) return false
    texts.set(name, text, ttlMs)
    return true
  }

  read(folder: string, name: string): string | undefined {
    return this.folders.get(folder)?.get(name)
  }

  list(folder: string): Map<string, string> {
    const texts = this.folders.get(folder)
    const found = [...(texts?.keys() ?? [])].map((name) => [name, texts?.get(name)] as const)
    return new Map(found.filter((one): one is [string, string] => one[1] !== undefined))
  }

  remove(folder: string, name: string): void {
    this.folders.get(folder)?.delete(name)
  }

  addToWindow(entry: WindowEntry): WindowAnswer {
    const windows = this.windows.get(entry.scope) ?? new EmbeddedWindows(this.clock)
    this.windows.set(entry.scope, windows)
    return windows.add(entry)
  }

  forgetClosed(scope: string, id: string): void {
    this.windows.get(scope)?.forget(id)
  }
}
