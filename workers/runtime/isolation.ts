// What quarantine asks of a pipeline: to hold still, and to take one message that runs all the same.
import type { Lane } from '../core/contract.ts'
import type { SluiceError } from '../core/errors.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { LaneBook } from './lane-book.ts'
import type { Patient } from './quarantine/parts.ts'
import type { Permit } from './schedule.ts'
import type { LaneState, Task } from './task.ts'

export interface IsolationParts {
  readonly lanes: LaneBook
  /** Starts what may start. */
  readonly pump: () => void
  /** Whatever the window holds; undefined for what an earlier tenure has finished. */
  readonly take: (state: LaneState, message: PlacedMessage) => Task | undefined
  /** What is unsettled stays so. */
  readonly isPaused: () => boolean
  /** Nothing that the pipeline needs is away. */
  readonly mayStart: () => boolean
}

export class Isolation implements Patient {
  private held = false
  private single: Task | undefined
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
    if (!on) this.parts.pump()
  }

  quiet(signal: AbortSignal): Promise<void> {
    const { lanes } = this.parts
    return lanes.quiet(lanes.all, signal)
  }

  wasFinished(lane: Lane, offset: number): boolean {
    return this.parts.lanes.get(lane)?.tracker.wasFinished(offset) === true
  }

  takeAlone(lane: Lane, message: PlacedMessage, condemned: SluiceError | undefined): boolean {
    const { lanes, take } = this.parts
    const state = lanes.get(lane)
    if (state === undefined || state.closed) return false
    const task = take(state, message)
    if (task !== undefined) {
      task.condemned = condemned
      this.single = task
    }
    this.goOn()
    return true
  }

  isOpen(lane: Lane, offset: number): boolean {
    return this.parts.lanes.get(lane)?.tracker.isOpen(offset) === true
  }

  isQuiet(lane: Lane): boolean {
    return (this.parts.lanes.get(lane)?.tracker.open ?? 0) === 0
  }

  isPaused(): boolean {
    return this.parts.isPaused()
  }

  isAtRest(lane: Lane): boolean {
    return (this.parts.lanes.get(lane)?.atWork ?? 0) === 0
  }

  isReady(lane: Lane): boolean {
    return (this.parts.lanes.get(lane)?.startable ?? 0) > 0 && this.parts.mayStart()
  }

  goOn(): void {
    if (this.single !== undefined) this.single.alone = true
    this.parts.pump()
  }

  until(lane: Lane, holds: () => boolean): Promise<void> {
    const { lanes } = this.parts
    const state = lanes.get(lane)
    if (state === undefined) return Promise.resolve()
    return lanes.until(() => lanes.get(lane) !== state || holds())
  }
}
