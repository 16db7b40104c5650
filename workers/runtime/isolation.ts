// What quarantine asks of a pipeline: to hold still, and to take one message that runs all the same.
import type { Lane } from '../core/contract.ts'
import type { SluiceError } from '../core/errors.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { LaneBook } from './lane-book.ts'
import type { Patient } from './quarantine/parts.ts'
import type { Permit, Schedule } from './schedule.ts'
import type { LaneState, Task } from './task.ts'

export interface IsolationParts {
  readonly lanes: LaneBook
  readonly schedule: Schedule<Task>
  /** Whatever the window holds; undefined for what an earlier tenure has finished. */
  readonly take: (state: LaneState, message: PlacedMessage) => Task | undefined
  /** What is unsettled stays so. */
  readonly isPaused: () => boolean
  /** Nothing that the pipeline needs is away. */
  readonly mayStart: () => boolean
}

export class Isolation implements Patient {
  private held = false
  /** The last of each lane that was taken alone. */
  private readonly singles = new WeakMap<LaneState, Task>()
  private readonly parts: IsolationParts

  constructor(parts: IsolationParts) {
    this.parts = parts
  }

  /** While it is held, what may start is what is meant to run alone. */
  narrowed(permit: Permit): Permit {
    return this.held ? 'alone' : permit
  }

  hold(on: boolean): void {
    this.held = on
    if (!on) this.parts.schedule.pump()
  }

  quiet(signal: AbortSignal): Promise<void> {
    const { lanes } = this.parts
    return lanes.quiet(lanes.all, signal)
  }

  wasFinished(lane: Lane, offset: number): boolean {
    return this.parts.lanes.get(lane)?.tracker.wasFinished(offset) === true
  }

  mayStart(): boolean {
    return this.parts.mayStart()
  }

  takeAlone(lane: Lane, message: PlacedMessage, condemned: SluiceError | undefined): boolean {
    const { lanes, take, schedule, mayStart } = this.parts
    const state = lanes.get(lane)
    if (state === undefined || state.closed || !mayStart()) return false
    const task = take(state, message)
    if (task !== undefined) {
      task.solitary = 'starts'
      task.condemned = condemned
      this.singles.set(state, task)
    }
    schedule.pump()
    return true
  }

  isOpen(lane: Lane, offset: number): boolean {
    return this.parts.lanes.get(lane)?.tracker.isOpen(offset) === true
  }

  isQuiet(lane: Lane): boolean {
    return (this.parts.lanes.get(lane)?.tracker.open ?? 0) === 0
  }

  settle(lane: Lane, signal: AbortSignal): Promise<void> {
    return this.parts.lanes.flush(lane, signal)
  }

  isPaused(): boolean {
    return this.parts.isPaused()
  }

  isAtRest(lane: Lane): boolean {
    return (this.parts.lanes.get(lane)?.atWork ?? 0) === 0
  }

  isReady(lane: Lane): boolean {
    return this.singleOf(lane)?.solitary === 'ready' && this.parts.mayStart()
  }

  /** Whether it was taken alone, and so waits for `goOn` after its wait. */
  keeps(task: Task): boolean {
    if (task.solitary === undefined) return false
    task.solitary = 'ready'
    return true
  }

  goOn(lane: Lane): void {
    const task = this.singleOf(lane)
    if (task?.solitary !== 'ready') return
    task.solitary = 'starts'
    this.parts.schedule.again(task)
  }

  private singleOf(lane: Lane): Task | undefined {
    const state = this.parts.lanes.get(lane)
    return state && this.singles.get(state)
  }

  until(lane: Lane, holds: () => boolean): Promise<void> {
    const { lanes } = this.parts
    const state = lanes.get(lane)
    if (state === undefined) return Promise.resolve()
    return lanes.until(() => lanes.get(lane) !== state || holds())
  }
}
