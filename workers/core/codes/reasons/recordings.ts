// Why: recorded runs, shadows and load tests (SLU1010–SLU1019, SLU1116–SLU1119, SLU5515–SLU5519).
import type { Reason } from './entry.ts'

export const RECORDING_REASONS = {
  SLU1010: {
    why: 'A run either sends its effects or keeps them, and what is asked of a shadow means nothing elsewhere. A guess might send what was to be kept.',
  },
  SLU0583: {
    why: 'A projection is made anew from events that are read again, the oldest first, while the live pipeline writes the newest. Without versions each old event would take the place of a newer one until the last was read, and for ever where the live pipeline was quicker.',
  },
  SLU1011: {
    why: 'A topic can be read by any number of groups. A message of a queue, a job or a firing goes to one consumer: a shadow would take it away from those who are live.',
  },
  SLU1012: {
    why: 'The pipeline needs the answer to a question to go on, and a question may change something where it is answered. A shadow sends nothing by itself.',
  },
  SLU1013: {
    why: 'A shadow commits offsets. In the group of a live pipeline it would take partitions and messages away from it, and their effects would be lost.',
  },
  SLU1014: {
    why: 'A run that is started again goes on with its file, since its group goes on where it stood. Lines of another run in between would make every comparison wrong.',
  },
  SLU1015: {
    why: 'Half-written lines at the end are what a killed process leaves, and are passed over. In the middle they mean that the file is damaged, or something else.',
  },
  SLU1016: {
    why: 'A load test sends to a topic and looks at what comes out behind it. Without a schema nobody knows what a message looks like.',
  },
  SLU1017: {
    why: 'Whatever a load test sends is done for real: models are asked, alerts go out, and other groups of the topic read it too.',
  },
  SLU1116: {
    why: 'It is opened before anything else, so that a long run does not end without its recording.',
  },
  SLU5515: {
    why: 'A shadow keeps what the pipeline sends. What a handler does by itself, nobody but its author can keep.',
  },
  SLU5516: {
    why: 'What was settled without being written would be missing from the recording for ever, and look like a difference.',
  },
  SLU5517: {
    why: 'A shadow is put together without a way out. Whoever looks for one has found a fault.',
  },
  SLU5518: {
    why: 'What `once`, `dedupe` and `window` remember is kept in the process of a shadow, so that nothing of it reaches a broker, and ended with the process before.',
  },
} satisfies Record<string, Reason>
