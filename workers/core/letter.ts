// What dead letters and replayed messages carry on the wire, and what takes them: headers of our own, in version 1.
import type { FleetPlan, PipelinePlan } from './plan.ts'

/** Everything that says why a message is a dead letter; at most 16 KiB together. */
export const LETTER_PREFIX = 'sluice-dlq-'
export const LETTER_VERSION = '1'

/** What a message is given on its way back: of which letter it is, and how often that was replayed. */
export const REPLAY = {
  /** The letter, as the ledger knows it. */
  of: 'sluice-replay-of',
  count: 'sluice-replay-count',
  /** The id of the original, on what was edited and so has an id of its own. */
  original: 'sluice-replay-original',
} as const

/** complete: the bytes of the message. omitted: they did not fit, its coordinates lead to them. none: there were no bytes, it was a tombstone. */
export type LetterPayload = 'complete' | 'omitted' | 'none'

/** What takes the dead letters of that name; the compiler has seen to it that one of them does, and no other. jobs: the failed ones of the source. */
export function letterKind(
  { topics, jobs }: Pick<FleetPlan, 'topics' | 'jobs'>,
  name: string,
): 'topic' | 'stream' | 'jobs' {
  if (Object.hasOwn(jobs, name)) return 'jobs'
  return Object.hasOwn(topics, name) && topics[name]?.deadLetters === true ? 'topic' : 'stream'
}

/** Destinations that a pipeline sends its dead letters to, each once. */
export const lettersOfPipeline = ({ failure }: Pick<PipelinePlan, 'failure'>): string[] => [
  ...new Set([failure.invalid, failure.transient, failure.defect].map((each) => each.deadLetter)),
]
