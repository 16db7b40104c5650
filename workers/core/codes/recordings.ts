// What can go wrong with runs that are recorded, shadows, their comparison, and load tests.
import type { CodeEntry } from './entry.ts'

export const RECORDINGS = {
  SLU1010: {
    title: 'options of a recorded run that do not go together',
    fix: 'Give either --shadow FILE or --record FILE; --group, --start, --ask and --stores belong to a shadow.',
  },
  SLU0583: {
    title: 'what a pipeline stores cannot be made anew',
    fix: 'Give each store step a `version` that grows with each event of its key.',
  },
  SLU1011: {
    title: 'a shadow can only read topics',
    fix: 'Name pipelines that read topics. For one that reads a queue bind a second queue to the same exchange and give it a pipeline of its own, or record the live one: --record FILE.',
  },
  SLU1012: {
    title: 'a shadow of a pipeline that asks',
    fix: 'Let it ask for real with --ask, if whoever answers may be asked twice.',
  },
  SLU1013: {
    title: 'the group of a shadow is that of a live pipeline',
    fix: 'Name another one with --group, or leave it out: then it is that of the pipeline with `.shadow` behind it.',
  },
  SLU1014: {
    title: 'the file does not hold this recording',
    fix: 'Name another file, or remove this one.',
  },
  SLU1015: {
    title: 'a recording cannot be read',
    fix: 'Give a file that `sluice run --shadow FILE` or `--record FILE` wrote; docs/migration.md says what a line of it is.',
  },
  SLU1016: {
    title: 'a pipeline that no load can be made for',
    fix: 'Name a pipeline that reads a topic whose messages have a schema or, with --like FILE, examples.',
  },
  SLU1017: {
    title: 'made-up messages for a fleet in production',
    fix: 'Run it with another SLUICE_PREFIX, whose topics are its own; or say --yes.',
  },
  SLU1116: {
    title: 'the file of a recording cannot be used',
    fix: 'Name a file that this user may write, in a folder that is there.',
  },
  SLU5515: {
    title: 'the handlers of a shadow run for real',
    fix: 'Let handlers that write or send something by themselves look at `ctx.shadow`.',
  },
  SLU5516: {
    title: 'a recording cannot be written',
    fix: 'Make room on the disk; the messages stay unsettled until then, and the pipeline waits.',
    failure: 'transient',
  },
  SLU5517: {
    title: 'something that would reach a broker in a shadow',
    fix: 'Please report it: nothing of it left the process.',
    failure: 'defect',
  },
  SLU5518: {
    title: 'a shadow that goes on has forgotten what its pipelines kept in mind',
    fix: 'Give it another file and another --group, so that it begins anew, if its windows and repeats are to be compared.',
  },
} as const satisfies Record<string, CodeEntry>
