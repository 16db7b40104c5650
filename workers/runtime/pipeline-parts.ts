// What a pipeline is made of; `assemble` puts it together, `Pipeline` runs it.
import type { World } from '../core/clock.ts'
import type { Driver, Sink } from '../core/contract.ts'
import type { Logger } from '../core/log.ts'
import type { Envelope } from '../core/message.ts'
import type { PipelinePlan } from '../core/plan.ts'
import type { StepRun } from '../core/step-run.ts'
import type { Meter, PipelineCounts, Tracer } from '../core/telemetry.ts'
import type { Refreshes } from '../steps/refreshes.ts'
import type { NeededBreakers } from './breakers.ts'
import type { ParkingPlace } from './parking.ts'
import type { Records } from './holdings.ts'
import type { ReplyParts, StepParts } from './message-run.ts'
import type { Origin } from './origin.ts'

/** The compiled module of a pipeline. */
export interface PipelineModule {
  readonly accepts: ((event: Envelope) => boolean) | undefined
  steps(event: Envelope, run: StepRun): Promise<void>
}

/** Where dead letters go. */
export interface LetterSink {
  readonly sink: Sink
  readonly driver: Driver
  readonly system: 'kafka' | 'rabbitmq' | 'bullmq'
}

export interface PipelineParts {
  readonly fleet: string
  readonly plan: PipelinePlan
  readonly module: PipelineModule
  readonly origin: Origin
  readonly steps: readonly StepParts[]
  /** Undefined: nobody asks. */
  readonly answer: ReplyParts | undefined
  /** Cache entries that are loaded anew behind the messages. */
  readonly refreshes: Refreshes
  /** While one of them lets nobody through, nothing starts. */
  readonly breakers: NeededBreakers
  /** Dead-letter destinations by their names in fleet.yaml. */
  readonly letters: Readonly<Record<string, LetterSink>>
  /** Undefined when the pipeline keeps none. */
  readonly records: Records | undefined
  /** Undefined: every wait is in place. */
  readonly parking: ParkingPlace | undefined
  readonly counts: PipelineCounts
  readonly sent: Record<string, number>
  readonly drainWithinMs: number
  readonly world: World
  readonly log: Logger
  readonly tracer: Tracer
  readonly meter: Meter
}
