// What quarantine asks of a pipeline: to hold still, and to take one message that runs all the same.
import type { Lane } from '../core/contract.ts'
import type { SluiceError } from '../core/errors.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { LaneBook } from './lane-book.ts'
import type { Patient } from './quarantine/quarantine.ts'
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
}

export class Isolation implements Patient {
  private held = false
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
    const { lanes, take, pump } = this.parts
    const state = lanes.get(lane)
    if (state === undefined || state.closed) return false
    const task = take(state, message)
    if (task !== undefined) {
      task.alone = true
      task.condemned = condemned
    }
    pump()
    return true
  }

  settled(lane: Lane): Promise<void> {
    const { lanes, isPaused } = this.parts
    const state = lanes.get(lane)
    if (state === undefined) return Promise.resolve()
    const isOver = () => state.tracker.open === 0 || lanes.get(lane) !== state || isPaused()
    return lanes.until(isOver)
  }
}
