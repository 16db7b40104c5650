// What can go wrong with windows: how they are written, and what comes to them.
import type { CodeEntry } from './entry.ts'

export const WINDOWS = {
  SLU0580: {
    title: 'a measure with the name of what every window has',
    fix: 'Give it another name than id, start, end, group and count.',
  },
  SLU0581: {
    title: 'windows that nothing uses',
    fix: 'Let a later step name them: a split that sends one event for each.',
  },
  SLU0582: {
    title: 'dedupe behind a window',
    fix: 'Put it before the window.',
  },
  SLU5121: {
    title: 'the time of a message for a window is no time',
    fix: 'Mend `at` at the named line: a date and time as text (RFC 3339), or milliseconds since 1970.',
    failure: 'defect',
  },
  SLU5122: {
    title: 'what a window counts together is nothing',
    fix: 'Mend `by` at the named line: a value that is always there.',
    failure: 'defect',
  },
  SLU5123: {
    title: 'what a window measures is no number',
    fix: 'Mend the measure at the named line; null and undefined are left out of it.',
    failure: 'defect',
  },
  SLU5124: {
    title: 'too many windows are open',
    fix: 'Group by something that has fewer values, or raise `limit` of the window.',
    failure: 'transient',
  },
  SLU5125: {
    title: 'a message that would have happened more than a day from now',
    fix: 'Look at the clock of whoever sent it, and at `at` of the window.',
    failure: 'defect',
  },
} as const satisfies Record<string, CodeEntry>
