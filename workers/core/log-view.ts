// How what a log holds is looked at, by tools and people; never by a pipeline, which takes.
import type { LogMessage } from './message.ts'

/** Offsets of one partition: from the oldest that is kept, up to and without the one that the next message gets. */
export interface LogRange {
  readonly partition: number
  readonly from: number
  readonly to: number
}

/**
 * What a topic or a stream holds, looked at without leaving a trace: no group, no commit, no count, nothing that a consumer could notice.
 * A stream has one partition, 0.
 */
export interface LogView {
  /** Every partition, the empty ones included, as it stands now. */
  ranges(): Promise<readonly LogRange[]>
  /**
   * The messages of a range in offset order, a bounded number at a time. Offsets that hold nothing (any more) are passed over, and a
   * partition that is not there holds nothing.
   * Never hangs: it rejects when the broker is away, and ends at `to` or at the end of the log.
   */
  read(range: LogRange): AsyncIterable<readonly LogMessage[]>
}
