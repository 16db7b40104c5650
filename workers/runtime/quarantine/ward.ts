// One lane as quarantine sees it: its suspects, which of them are at work, and what is waited for before anything more of it is handed out.
import type { Lane } from '../../core/contract.ts'
import type { Suspects } from './suspects.ts'

/** May be handed to the pipeline: it stands in the lane's case. */
export interface Admission {
  /** So often a process ended with nothing else at work; undefined for one of several. */
  readonly endsAlone: number | undefined
}

export class Ward {
  readonly lane: Lane
  readonly suspects: Suspects
  readonly closing = new AbortController()
  /** Nothing is asked of it any more. */
  end: () => void = () => {}
  /** Resolves with `end`. */
  readonly gone = new Promise<void>((resolve) => (this.end = resolve))
  /** Keys of the suspects that are handed out or about to be, by their offsets. */
  readonly group = new Map<number, string>()
  /** Keys of those that were in the group and are settled: what is known of them is to be forgotten. */
  readonly settled: string[] = []
  /** By their offsets; taken away when they are handed out. */
  readonly admitted = new Map<number, Admission>()
  /** Of the group: what its case says. 0 while there is none. */
  atOnce = 0
  /** Suspects run one at a time. */
  alone = false
  private waits: Promise<void> | undefined
  private exit: (() => void) | undefined

  constructor(lane: Lane, suspects: Suspects) {
    this.lane = lane
    this.suspects = suspects
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

  /** Takes those out of the group that were handed out and are not open any more. */
  prune(isOpen: (offset: number) => boolean): void {
    for (const [offset, key] of this.group) {
      if (this.admitted.has(offset) || isOpen(offset)) continue
      this.group.delete(offset)
      this.settled.push(key)
    }
  }
}
