// How a job stands, and which attempt it is at, from what brokers keep of it; the same whoever keeps it.
import { LETTER_PREFIX } from './letter.ts'
import { headerText, type Headers, type Parked } from './message.ts'

/** What became of a message, for whoever waits for its end: the result of a job. No other broker keeps it. */
export interface JobEnd {
  readonly outcome: string
  readonly attempts: number
}

/** How a job stands, for whoever waits for its end. */
export interface JobStatus {
  /** `delayed`: not to be taken yet, because its sender said so or because it is parked. */
  readonly state: 'waiting' | 'delayed' | 'active' | 'completed' | 'failed'
  /** In percent, as its handler said last. */
  readonly progress: number | undefined
  /** The one that it is at, that it is parked for, or that was its last; 0: nobody has had it yet. */
  readonly attempt: number
  /** Of one that a pipeline completed. */
  readonly end: JobEnd | undefined
  /** Of one that failed: the headers of its dead letter. */
  readonly letter: Headers | undefined
}

export interface JobTraces {
  readonly end: JobEnd | undefined
  readonly letter: Headers | undefined
  readonly noted: Parked | undefined
  /** Somebody has had it. */
  readonly taken: boolean
}

/** 0: nobody has had it yet. */
export function attemptOf({ end, letter, noted, taken }: JobTraces): number {
  const given = Number(letter && headerText(letter, `${LETTER_PREFIX}attempts`))
  if (Number.isSafeInteger(given) && given > 0) return given
  return end?.attempts ?? noted?.attempt ?? (taken ? 1 : 0)
}
