// What one kind of source has of its own: how its messages are read, settled, named in traces and found again from a dead letter.
import type { Claim, Driver, Lane, Source } from '../core/contract.ts'
import type { Parked, PlacedMessage } from '../core/message.ts'
import type { ProcessOperation } from '../core/telemetry.ts'
import type { Decode } from './decode.ts'
import type { Settlement } from './settlement.ts'
import type { Task } from './task.ts'

export type Delivery = Pick<Claim, 'place' | 'message' | 'again'>

export interface Meaning {
  readonly driver: Driver
  /** Undefined: `decode` has all it needs. Rejects with an outage while nobody can be asked. */
  learn(message: PlacedMessage): Promise<void> | undefined
}

export interface Origin {
  /** The name in fleet.yaml. */
  readonly name: string
  readonly source: Source
  /** Whose outages stop the source itself. */
  readonly driver: Driver
  readonly decode: Decode
  /** Who is asked what the bytes of a message mean. Absent where they mean the same everywhere. */
  readonly meaning?: Meaning
  /** `onConfirmed`: called when its `exposed` went down. */
  settlement(onConfirmed: () => void): Settlement
  /** What a span says of a message, beside the pipeline. */
  operation(lane: Lane, message: PlacedMessage): Omit<ProcessOperation, 'pipeline' | 'destination'>
  /** The same for every delivery of a message, as far as its broker lets it be known again. */
  place(task: Task): string
  /** This one delivery, for what it claims: two at once are told apart. */
  delivery(task: Task): Delivery
  /** Which messages come in one order: a partition, also of one that was parked since; empty where all of the source do. */
  timePlace(task: Task): string
  /** Where the message stood, as headers of its dead letter without their prefix. */
  coordinates(task: Task): Record<string, string>
  /** How far a message has come before its next attempt, for whoever has it then. Absent where nothing can be noted. */
  note?(task: Task, progress: Parked): void
  /** How far the work on a message is, in percent. Absent where nobody could see it. */
  report?(task: Task, percent: number): void
}
