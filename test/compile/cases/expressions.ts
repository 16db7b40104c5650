// Expressions that are none, do too much, or name what is not there.
import type { Case } from './case.ts'

export const EXPRESSIONS: readonly Case[] = [
  {
    what: 'half an expression',
    pipeline: ['when: event.data.total > 0', 'when: event.data.total >'],
    expect: 'billing.yaml:3:24 SLU0401',
  },
  {
    what: 'something new',
    pipeline: ["'{ total: price.total }' }\nfailure", "'{ total: new Date() }' }\nfailure"],
    expect: 'billing.yaml:15:42 SLU0402',
  },
  {
    what: 'a name that is not there',
    pipeline: ['when: price.total', 'when: prize.total'],
    expect: 'billing.yaml:12:11 SLU0403',
    hint: 'price',
  },
  {
    what: 'the value of a command',
    pipeline: ["'{ total: price.total }' }\nfailure", "'{ total: alert.total }' }\nfailure"],
    expect: 'billing.yaml:15:42 SLU0403',
    hint: 'has no value',
  },
  {
    what: 'a field that an event has not',
    pipeline: ['when: event.data', 'when: event.dat'],
    expect: 'billing.yaml:3:13 SLU0403',
    hint: 'data',
  },
]
