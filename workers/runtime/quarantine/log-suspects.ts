// The suspects of one lane of a log: what was handed out there when its holder ended uncleanly, by a record in the state store.
import type { LaneGrant, StateDriver } from '../../core/contract.ts'
import type { PlacedMessage } from '../../core/message.ts'
import { passed, recordOf, taken, type LaneRecord } from './record.ts'
import type { Suspects } from './suspects.ts'

/** A record that nobody writes anew is forgotten after that. */
const KEEP_MS = 7 * 24 * 3_600_000
/** A record covers so many messages at least, so that a trickle does not cost a write for each. */
const AHEAD = 64

export interface LogSuspectsParts {
  readonly grant: Pick<LaneGrant, 'lane' | 'committed'>
  readonly state: StateDriver
  readonly folder: string
  readonly holder: string
}

export class LogSuspects implements Suspects {
  private readonly parts: LogSuspectsParts
  /** What was written last, confirmed or not; undefined until the former one is known, and while the store is away. */
  record: LaneRecord | undefined

  constructor(parts: LogSuspectsParts) {
    this.parts = parts
  }

  async open(): Promise<void> {
    const { grant, state, folder, holder } = this.parts
    const before = recordOf(await state.read(folder, this.name))
    await this.write(taken(holder, grant.committed ?? 0, before))
  }

  get any(): boolean {
    return this.record !== undefined && this.record.from < this.record.to
  }

  has({ offset }: PlacedMessage): boolean {
    return offset < (this.record?.to ?? 0)
  }

  keyOf({ offset }: PlacedMessage): string {
    return `${this.record?.epoch}/${this.name}/${offset}`
  }

  covers(messages: readonly PlacedMessage[]): boolean {
    return this.record === undefined || (messages.at(-1)?.offset ?? 0) < this.record.upTo
  }

  /** Whatever a process has at work when it ends is below the mark. */
  async note(messages: readonly PlacedMessage[], from: number): Promise<void> {
    const { record } = this
    if (record === undefined) return
    const first = messages[from]?.offset ?? 0
    const last = messages.at(-1)?.offset ?? 0
    await this.write({ ...record, upTo: Math.max(last + 1, first + AHEAD) })
  }

  async over(): Promise<void> {
    if (this.record !== undefined) await this.write(passed(this.record))
  }

  /** Whoever is granted it next starts afresh, unless suspects are left. */
  async close(): Promise<void> {
    const { state, folder } = this.parts
    if (this.record === undefined) return
    if (this.any) await this.write({ ...this.record, open: false })
    else await state.remove(folder, this.name)
  }

  private async write(record: LaneRecord): Promise<void> {
    const { state, folder } = this.parts
    this.record = record
    await state.write({ folder, name: this.name, text: JSON.stringify(record), ttlMs: KEEP_MS })
  }

  /** Tiers have partitions of the same numbers. */
  private get name(): string {
    return this.parts.grant.lane.id
  }
}
