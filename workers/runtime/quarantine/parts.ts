// What quarantine is made of, and the pipeline as far as it knows it.
import type { Intake, Lane, LaneGrant, StateDriver } from '../../core/contract.ts'
import type { World } from '../../core/clock.ts'
import type { SluiceError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { PlacedMessage } from '../../core/message.ts'
import type { Member, Solo } from './solo.ts'
import type { Suspects } from './suspects.ts'

export interface Patient extends Member {
  /** In an earlier tenure: nothing is started for it. */
  wasFinished(lane: Lane, offset: number): boolean
  /** Taken and unsettled. */
  isOpen(lane: Lane, offset: number): boolean
  /** Nothing of the lane is, or the lane is gone. */
  isQuiet(lane: Lane): boolean
  /** Resolves when the broker knows of everything that is finished, cannot be told any more, or `signal` aborts. */
  settle(lane: Lane, signal: AbortSignal): Promise<void>
  /** The guard has paused it: what is unsettled stays so. */
  isPaused(): boolean
  /** Resolves when it holds, or the lane is gone; asked again whenever something of it changed. */
  until(lane: Lane, holds: () => boolean): Promise<void>
  /** Nothing that it needs is away. */
  mayStart(): boolean
  /**
   * Starts one message while the process is held, whatever the window holds; a later attempt of it waits for `goOn`.
   * False: it was not taken, since nothing may start or the lane is gone.
   */
  takeAlone(lane: Lane, message: PlacedMessage, condemned: SluiceError | undefined): boolean
  /** Nothing of the lane is at work: it is settled, or waits. */
  isAtRest(lane: Lane): boolean
  /** What was taken alone waits for nothing but `goOn`. */
  isReady(lane: Lane): boolean
  goOn(lane: Lane): void
}

export interface QuarantineParts {
  /** The pipeline itself. */
  readonly intake: Intake
  readonly patient: Patient
  readonly suspectsOf: (grant: LaneGrant) => Suspects
  /** Messages at work at most. */
  readonly concurrency: number
  readonly solo: Solo
  readonly state: StateDriver
  readonly pipeline: string
  /** Of the cases of this pipeline in the store. */
  readonly folder: string
  /** Unique to this process. */
  readonly holder: string
  readonly world: World
  readonly log: Logger
}
