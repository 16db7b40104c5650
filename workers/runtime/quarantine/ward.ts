// One lane as quarantine sees it: its record in the state store, and what is waited for before anything more of it is handed out.
import type { Lane, StateDriver } from '../../core/contract.ts'
import { isAlone, type LaneRecord } from './record.ts'

/** A record that nobody writes anew is forgotten after that. */
const KEEP_MS = 7 * 24 * 3_600_000

export class Ward {
  readonly lane: Lane
  readonly closing = new AbortController()
  /** Nothing is asked of it any more. */
  end: () => void = () => {}
  /** Resolves with `end`. */
  readonly gone = new Promise<void>((resolve) => (this.end = resolve))
  /** What was written last, confirmed or not; undefined until the former one is known, and while the store is away. */
  record: LaneRecord | undefined
  /** Suspects run alone until the lane has passed them. */
  alone = false
  /** May be handed to the pipeline: its marker is written, and nothing else is at work. */
  admitted: number | undefined
  private readonly state: StateDriver
  private readonly folder: string
  private waits: Promise<void> | undefined
  private exit: (() => void) | undefined

  constructor(lane: Lane, state: StateDriver, folder: string) {
    this.lane = lane
    this.state = state
    this.folder = folder
  }

  get isClosing(): boolean {
    return this.closing.signal.aborted
  }

  /** Something is being done before more of the lane may be handed out. */
  get busy(): boolean {
    return this.waits !== undefined
  }

  /** `work` never rejects. One at a time: callers look at `busy`. */
  during(work: Promise<void>): void {
    const waits = work.finally(() => {
      if (this.waits === waits) this.waits = undefined
    })
    this.waits = waits
  }

  async rest(): Promise<void> {
    await this.waits
  }

  /** Nothing else is at work in the process until `leave`; `exit` ends that. */
  entered(exit: () => void): void {
    this.exit = exit
  }

  /** Idempotent. */
  leave(): void {
    this.exit?.()
    this.exit = undefined
  }

  read(): Promise<string | undefined> {
    return this.state.read(this.folder, this.name)
  }

  /** Rejects when the store is away. */
  async write(record: LaneRecord): Promise<void> {
    this.record = record
    this.alone = isAlone(record)
    const text = JSON.stringify(record)
    await this.state.write({ folder: this.folder, name: this.name, text, ttlMs: KEEP_MS })
  }

  async remove(): Promise<void> {
    await this.state.remove(this.folder, this.name)
  }

  private get name(): string {
    return String(this.lane.partition)
  }
}
