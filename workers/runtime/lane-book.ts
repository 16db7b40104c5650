// The lanes a pipeline holds, what it remembers of those it held before, and waiting for them to become quiet.
import type { Lane, LaneGrant } from '../core/contract.ts'
import { OffsetTracker } from './offset-tracker.ts'
import type { Settlement } from './settlement.ts'
import { LaneState } from './task.ts'

/** A source is not woken for each message, however few are at work. */
const LEAST_AHEAD = 64

/** What an earlier tenure finished and may not have committed. */
interface Earlier {
  readonly tracker: OffsetTracker
  /** As far as the group was known to have committed. */
  readonly committed: number | null
}

export class LaneBook {
  private readonly settlement: Settlement
  private readonly states = new Map<Lane, LaneState>()
  /** By the id of the lane. */
  private readonly earlier = new Map<string, Earlier>()
  private watchers: (() => void)[] = []

  constructor(settlement: Settlement) {
    this.settlement = settlement
  }

  open({ lane, committed, note }: LaneGrant): void {
    const tracker = new OffsetTracker(committed, note)
    this.recall(lane.id, committed, tracker)
    const state = new LaneState(lane, tracker, committed)
    this.states.set(lane, state)
    this.settlement.add(state)
  }

  get size(): number {
    return this.states.size
  }

  /** How many messages of a lane are held that could start at once: of all lanes together, twice what can be at work. */
  ahead(concurrency: number): number {
    const share = Math.ceil((2 * concurrency) / Math.max(1, this.size))
    return Math.max(LEAST_AHEAD, Math.min(concurrency, share))
  }

  get all(): LaneState[] {
    return [...this.states.values()]
  }

  get(lane: Lane): LaneState | undefined {
    return this.states.get(lane)
  }

  of(lanes: readonly Lane[]): LaneState[] {
    return lanes.flatMap((lane) => this.states.get(lane) ?? [])
  }

  forget(state: LaneState): void {
    this.states.delete(state.lane)
    this.settlement.remove(state)
    this.earlier.set(state.lane.id, { tracker: state.tracker, committed: state.committed })
  }

  /** As `Settlement.flush`, of one lane. */
  async flush(lane: Lane, signal: AbortSignal): Promise<void> {
    const state = this.states.get(lane)
    if (state !== undefined) await this.settlement.flush([state], signal)
  }

  /** Something left work. */
  changed(): void {
    if (this.watchers.length === 0) return
    const watchers = this.watchers
    this.watchers = []
    for (const look of watchers) look()
  }

  /** Resolves when it holds; asked whenever something left work, or a lane was given up. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  /** Resolves when nothing of the lanes is at work, or `signal` aborts. */
  async quiet(states: readonly LaneState[], signal: AbortSignal): Promise<void> {
    const stop = () => this.changed()
    signal.addEventListener('abort', stop, { once: true })
    await this.until(() => signal.aborted || states.every((state) => state.atWork === 0))
    signal.removeEventListener('abort', stop)
  }

  /**
   * After a lost session, what this process finished but could not commit is not done again. Only if the group's
   * offset did not go backwards meanwhile: then somebody reset it on purpose, or the topic is another one.
   */
  private recall(lane: string, committed: number | null, tracker: OffsetTracker): void {
    const before = this.earlier.get(lane)
    this.earlier.delete(lane)
    if (before === undefined || committed === null || committed < (before.committed ?? 0)) return
    const next = before.tracker.lowestOpen()
    if (next !== undefined && next > committed) tracker.remember([[committed, next]])
    tracker.remember(before.tracker.finishedAbove())
  }
}
