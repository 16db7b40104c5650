// What can be wrong with pipeline tests and simulations.
import type { CodeEntry } from './entry.ts'

export const TESTS = {
  SLU0350: {
    title: 'not exactly one of several fields',
    fix: 'Write one of them.',
  },
  SLU0351: { title: 'a case name that is taken', fix: 'Names of cases are unique in a file.' },
  SLU0352: {
    title: 'a given value that does not fit its schema',
    fix: 'Mend it, or mark it with `invalid: true` if that is what the case is about.',
  },
  SLU0353: {
    title: 'a value marked invalid that is valid',
    fix: 'Remove `invalid: true`, or break the value.',
  },
  SLU0354: {
    title: 'an expectation that can never be met',
    fix: 'Expect what the schema of the destination allows.',
  },
  SLU0355: {
    title: 'a name that the pipeline does not use',
    fix: 'Name what the pipeline itself names.',
  },
  SLU0356: {
    title: 'a matcher that cannot be read',
    fix: 'Use { $any: true }, { $approx: { value, within } } or { $pattern: text }.',
  },
  SLU0357: {
    title: 'two outages of one connection at a time',
    fix: 'Let one begin after the other has ended, or make one of them.',
  },
  SLU0360: {
    title: 'there is nothing to test',
    fix: 'Write pipelines/<name>.test.yaml, or name what is there.',
  },

  SLU0361: {
    title: 'no message can be made up for a simulation',
    fix: 'Give the schema `examples`, and simulate again.',
  },
  SLU0362: {
    title: 'a handler that reaches for the real clock or real chance',
    fix: 'Take time and chance from its context: ctx.clock, ctx.random and ctx.signal.',
  },
} as const satisfies Record<string, CodeEntry>
