// An intake for tests of sources: takes what it has room for, and remembers everything.
import type { Intake, Lane, LaneGrant } from '../../workers/core/contract.ts'
import type { PlacedMessage } from '../../workers/core/message.ts'

/** Takes everything, up to `room` at a time, and remembers in which lane it came. */
export class RecordingIntake implements Intake {
  readonly seen: { lane: Lane; message: PlacedMessage }[] = []
  readonly grants: LaneGrant[] = []
  readonly revoked: Lane[] = []
  readonly gone: Lane[] = []
  /** How many messages it takes before it says that it is full; `free` lets it go on. */
  limit = Number.POSITIVE_INFINITY
  onRevoke: (lanes: readonly Lane[]) => Promise<void> = () => Promise.resolve()
  private waiting: (() => void)[] = []

  get lanes(): Lane[] {
    return this.grants
      .map(({ lane }) => lane)
      .filter((lane) => !this.revoked.includes(lane) && !this.gone.includes(lane))
  }

  granted(grants: readonly LaneGrant[]): void {
    this.grants.push(...grants)
  }

  offer(lane: Lane, messages: readonly PlacedMessage[], from: number): number {
    if (!this.lanes.includes(lane)) return 0
    let taken = 0
    for (let i = from; i < messages.length && this.seen.length < this.limit; i++) {
      this.seen.push({ lane, message: messages[i] as PlacedMessage })
      taken++
    }
    return taken
  }

  room(): Promise<void> {
    return this.seen.length < this.limit
      ? Promise.resolve()
      : new Promise((resolve) => this.waiting.push(resolve))
  }

  free(limit: number): void {
    this.limit = limit
    for (const go of this.waiting.splice(0)) go()
  }

  async revoke(lanes: readonly Lane[]): Promise<void> {
    await this.onRevoke(lanes)
    this.revoked.push(...lanes)
  }

  lost(lanes: readonly Lane[]): void {
    this.gone.push(...lanes)
  }

  texts(): string[] {
    return this.seen.map(({ message: { value } }) => String(Buffer.from(value ?? [])))
  }
}
