// Why: looking at dead letters, replaying and dropping them (SLU57xx).
import type { Reason } from './entry.ts'

export const DEAD_LETTER_REASONS = {
  SLU5701: {
    why: 'A place is an offset (of a topic partition/offset), and an id is that of the event. Nothing that is kept now has it; brokers forget letters by their retention.',
  },
  SLU5702: {
    why: 'Only a stream can be read without taking anything away. Any other queue would count the look as a delivery, so it is refused.',
  },
} as const satisfies Record<string, Reason>
