// What became of one given message, told from what the runtime tells its tracer and its pipeline's module.
import type { SluiceError } from '../core/errors.ts'
import type { Position, StepPlan } from '../core/plan.ts'

export type Settlement =
  'acked' | 'filtered' | 'deadLettered' | 'duplicates' | 'parked' | 'unsettled'

export interface Fault {
  readonly attempt: number
  readonly code: string
  readonly message: string
  /** The line of YAML that asked for it. */
  readonly at: Position | undefined
  readonly step: string | undefined
}

export interface StepStory {
  readonly plan: StepPlan
  /** Of which item of which split it is. */
  readonly item: string | undefined
  outcome: 'skipped' | 'under way' | 'done' | 'failed'
  /** What a call or a cache gave, or the body of what was sent. */
  value: unknown
  /** Of a route: the place of the branch that was taken. */
  way?: number
  /** Of a split: how many items were begun. */
  items?: number
  /** Of a cache: whether it had the answer, or that it has it no more. */
  cache?: 'hit' | 'stale' | 'waited' | 'miss' | 'forgotten'
}

export interface Story {
  /** `partition/offset`. */
  readonly place: string
  settlement: Settlement
  attempts: number
  readonly faults: Fault[]
  /** Of the last attempt. */
  steps: StepStory[]
  readonly startedAt: number
  /** Milliseconds of the case's own time until it was settled. */
  tookMs: number
}

export const newStory = (place: string, startedAt: number): Story => ({
  place,
  settlement: 'unsettled',
  attempts: 1,
  faults: [],
  steps: [],
  startedAt,
  tookMs: 0,
})

/** An outage is asked about again and again: it is told once an attempt. */
export function tell(story: Story, error: SluiceError, step: string | undefined): void {
  const { code, message, at } = error
  const last = story.faults.at(-1)
  if (last?.attempt === story.attempts && last.code === code && last.message === message) return
  story.faults.push({ attempt: story.attempts, code, message, at, step })
}
