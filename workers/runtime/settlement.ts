// How a source learns what became of its messages; one implementation for each kind of source.
import type { JobEnd } from '../core/contract.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { LaneState } from './task.ts'

export interface Settlement {
  /** Finished messages that a crash now would repeat. */
  readonly exposed: number
  add(lane: LaneState): void
  /** The lane is gone: what it has not settled is no longer ours to settle. */
  remove(lane: LaneState): void
  /** Everything that the message leads to is confirmed: its broker may forget it. */
  finished(lane: LaneState, message: PlacedMessage, end?: JobEnd): void
  /** Somebody waits for `exposed` to go down. */
  hurry(): void
  /** Resolves when everything finished of these lanes is settled, cannot be any more, or `signal` aborts. Others may go on meanwhile. */
  flush(lanes: readonly LaneState[], signal: AbortSignal): Promise<void>
  stop(): void
}
