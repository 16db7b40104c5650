// Commits finished offsets of a pipeline's lanes often enough that a crash repeats little; never commits past an unfinished message.
import type { World } from '../core/clock.ts'
import type { LogCommit, LogSource } from '../core/contract.ts'
import { SluiceError, asError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { backoffMs, OUTAGE_BACKOFF } from './backoff.ts'
import type { Settlement } from './settlement.ts'
import type { LaneState } from './task.ts'

/** Longest time a finished message waits for its commit when few come, milliseconds. */
const IDLE_COMMIT_MS = 500

export interface CommitterParts {
  readonly source: Pick<LogSource, 'commit'>
  readonly world: World
  readonly log: Logger
  /** Completions that make a commit due. */
  readonly every: number
  /** Called when `exposed` went down. */
  readonly onConfirmed: () => void
}

interface LaneCommits {
  dirty: boolean
  /** Finished messages that the last note had no room for. */
  uncovered: number
}

interface Batch {
  readonly commits: readonly (LogCommit & { readonly state: LaneState })[]
  readonly uncovered: ReadonlyMap<LaneState, number>
}

export class Committer implements Settlement {
  private readonly parts: CommitterParts
  private readonly lanes = new Map<LaneState, LaneCommits>()
  private fresh = 0
  private underWay = 0
  private uncovered = 0
  private running: Promise<void> | undefined
  private timer: { cancel(): void } | undefined
  private failures = 0
  private gone = false

  constructor(parts: CommitterParts) {
    this.parts = parts
  }

  get exposed(): number {
    return this.fresh + this.underWay + this.uncovered
  }

  add(lane: LaneState): void {
    this.lanes.set(lane, { dirty: false, uncovered: 0 })
  }

  remove(lane: LaneState): void {
    this.uncovered -= this.lanes.get(lane)?.uncovered ?? 0
    this.lanes.delete(lane)
  }

  finished(lane: LaneState): void {
    const entry = this.lanes.get(lane)
    if (entry === undefined) return
    entry.dirty = true
    this.fresh++
    if (this.running !== undefined) return
    if (this.fresh >= this.parts.every) this.begin()
    else this.timer ??= this.parts.world.clock.after(IDLE_COMMIT_MS, () => this.begin())
  }

  hurry(): void {
    if (this.running === undefined && this.fresh > 0) this.begin()
  }

  /** Commits everything finished of these lanes. Resolves when it is confirmed, when the lanes turn out to be no longer ours, or when `signal` aborts. */
  async flush(lanes: readonly LaneState[], signal: AbortSignal): Promise<void> {
    await this.running
    this.gone = false
    const isDirty = () => lanes.some((lane) => this.lanes.get(lane)?.dirty === true)
    while (!signal.aborted && !this.gone && isDirty()) {
      this.begin()
      await this.running
    }
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  private begin(): void {
    this.stop()
    this.running ??= this.commit().finally(() => {
      this.running = undefined
      if (this.fresh >= this.parts.every) this.begin()
      else if (this.fresh > 0)
        this.timer ??= this.parts.world.clock.after(IDLE_COMMIT_MS, () => this.begin())
    })
  }

  /** Never rejects: what failed stays dirty and is tried again. */
  private async commit(): Promise<void> {
    const batch = this.collect()
    this.underWay = this.fresh
    this.fresh = 0
    try {
      if (batch.commits.length > 0) await this.parts.source.commit(batch.commits)
      this.failures = 0
      for (const commit of batch.commits) commit.state.committed = commit.next
      for (const [lane, uncovered] of batch.uncovered) this.note(lane, uncovered)
      this.underWay = 0
      this.parts.onConfirmed()
    } catch (thrown) {
      await this.failed(batch, thrown)
    }
  }

  private collect(): Batch {
    const commits: (LogCommit & { state: LaneState })[] = []
    const uncovered = new Map<LaneState, number>()
    for (const [state, entry] of this.lanes) {
      if (!entry.dirty) continue
      entry.dirty = false
      const snapshot = state.tracker.snapshot()
      if (snapshot === undefined) continue
      commits.push({ state, lane: state.lane, next: snapshot.next, note: snapshot.note })
      uncovered.set(state, snapshot.uncovered)
    }
    return { commits, uncovered }
  }

  private note(lane: LaneState, uncovered: number): void {
    const entry = this.lanes.get(lane)
    if (entry === undefined) return
    this.uncovered += uncovered - entry.uncovered
    entry.uncovered = uncovered
  }

  private async failed(batch: Batch, thrown: unknown): Promise<void> {
    this.fresh += this.underWay
    this.underWay = 0
    for (const lane of batch.uncovered.keys()) {
      const entry = this.lanes.get(lane)
      if (entry !== undefined) entry.dirty = true
    }
    const error = asError(thrown)
    this.gone = error instanceof SluiceError && error.code === 'SLU5204'
    this.parts.log[this.gone ? 'debug' : 'warn'](
      { err: error },
      'A commit was not taken; it is tried again.',
    )
    this.failures++
    await this.parts.world.clock.sleep(
      backoffMs(OUTAGE_BACKOFF, this.failures, this.parts.world.random),
    )
  }
}
