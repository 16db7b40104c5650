// What became of each letter: replayed or dropped, by whom and when. Lives in the state store; a letter that it does not know is open.
import type { Claim, StateDriver } from '../../core/contract.ts'

export type Status = 'open' | 'replayed' | 'dropped'

export interface Entry {
  /** replaying: claimed, and not known to be done. Who finds it when nobody holds the claim finds an unknown outcome. */
  readonly status: 'replaying' | 'replayed' | 'dropped'
  readonly by: string
  readonly at: string
  /** How often this letter, and the ones that it comes from, were replayed. */
  readonly count: number
  /** The id of the message that was sent: the same for every try. */
  readonly messageId?: string
  /** Where the origin ended before the first try: what was sent stands behind it. */
  readonly ends?: Readonly<Record<string, number>>
  /** The origin has confirmed it. Noted where nobody could see that later. */
  readonly sent?: true
  /** Hashes of the value, of what was edited. */
  readonly edited?: { readonly before: string | null; readonly after: string }
  readonly reason?: string
}

/** Longer than any driver takes to confirm: who still sends is still the holder. */
const LEASE_MS = 40_000
/** Where nobody knows how long letters are kept, the ledger keeps longer than anybody looks. */
const FOR_EVER_MS = 10 * 365 * 86_400_000
const MARGIN_MS = 86_400_000

export interface LedgerParts {
  readonly state: StateDriver
  /** `prefix` and the fleet. */
  readonly namespace: string
  /** Of this run alone: nobody else's claim is taken for ours. */
  readonly token: string
}

export type Held = { readonly kind: 'held'; readonly leftMs: number }

export class Ledger {
  private readonly parts: LedgerParts
  constructor(parts: LedgerParts) {
    this.parts = parts
  }

  async all(): Promise<ReadonlyMap<string, Entry>> {
    const texts = await this.parts.state.list(this.folder)
    return new Map([...texts].map(([key, text]) => [key, JSON.parse(text) as Entry]))
  }

  async read(key: string): Promise<Entry | undefined> {
    const text = await this.parts.state.read(this.folder, key)
    return text === undefined ? undefined : (JSON.parse(text) as Entry)
  }

  /** `keepMs`: how long the broker keeps the letter; undefined: nobody knows. */
  async write(key: string, entry: Entry, keepMs: number | undefined): Promise<void> {
    const { folder } = this
    const ttlMs = keepMs === undefined ? FOR_EVER_MS : keepMs + MARGIN_MS
    await this.parts.state.write({ folder, name: key, text: JSON.stringify(entry), ttlMs })
  }

  remove(key: string): Promise<void> {
    return this.parts.state.remove(this.folder, key)
  }

  /** Undefined: the letter is ours for the length of a lease, from now on. */
  async claim(key: string): Promise<Held | undefined> {
    const claimed = await this.parts.state.claim(this.claimOf(key))
    if (claimed.kind === 'taken') return undefined
    return { kind: 'held', leftMs: claimed.kind === 'held' ? claimed.leftMs : LEASE_MS }
  }

  async release(key: string): Promise<void> {
    await this.parts.state.settle(this.claimOf(key), 'open')
  }

  private get folder(): string {
    return `${this.parts.namespace}:dlq`
  }

  private claimOf(key: string): Claim {
    const { token } = this.parts
    const lease = { leaseMs: LEASE_MS, keepMs: LEASE_MS }
    return {
      key: `${this.folder}:claim:${key}`,
      place: token,
      message: key,
      again: 0,
      token,
      ...lease,
    }
  }
}

/** As people see it: a letter whose replay is under way or unknown is open until somebody knows. */
export const statusOf = (entry: Entry | undefined): Status =>
  entry === undefined || entry.status === 'replaying' ? 'open' : entry.status
