// What outlives a process: mistakes in where it is kept.
import { BILLING, FLEET, seeded } from '../corpus.ts'

const STATE = 'state: { in: hot }'
const ISSUED = '  - id: issued\n'
const CONCURRENCY = 'concurrency: 64'

export const state = seeded('state', {
  [FLEET]: [
    {
      what: 'the state on Kafka',
      from: STATE,
      to: 'state: { in: events }',
      hint: /redis.*hot/s,
    },
    {
      what: 'the state on a connection that is not there',
      from: STATE,
      to: 'state: { in: hott }',
      hint: /hott.*hot/s,
    },
    {
      what: 'the state by a misspelt field',
      from: STATE,
      to: 'state: { on: hot }',
      hint: /\bin\b/,
    },
    { what: 'the state as a name', from: STATE, to: 'state: hot', hint: /state/ },
  ],
  [BILLING]: [
    {
      what: 'once in a fleet without state',
      from: CONCURRENCY,
      to: `once: { window: 6h }\n${CONCURRENCY}`,
      also: [{ file: FLEET, from: `${STATE}\n`, to: '' }],
      line: 'once:',
      hint: /state: \{ in: hot \}/,
    },
    {
      what: 'once for less time than the retries take',
      from: CONCURRENCY,
      to: `once: { window: 1m }\n${CONCURRENCY}`,
      hint: /shorter.*longer/s,
    },
    {
      what: 'a dedupe without a window',
      from: ISSUED,
      to: `  - id: fresh\n    dedupe: { key: event.data.order_id }\n${ISSUED}`,
      line: 'dedupe: {',
      hint: /window/,
    },
    {
      what: 'a dedupe by a misspelt field',
      from: ISSUED,
      to: `  - id: fresh\n    dedupe: { key: event.data.ordr_id, window: 1h }\n${ISSUED}`,
      line: 'ordr_id',
      hint: /ordr_id.*order_id/s,
    },
    {
      what: 'a dedupe by what may be missing',
      from: ISSUED,
      to: `  - id: fresh\n    dedupe: { key: event.data.note, window: 1h }\n${ISSUED}`,
      line: 'event.data.note, window',
      hint: /possibly undefined.*\?\?/s,
    },
    {
      what: 'the value of a dedupe',
      from: ISSUED,
      to: `  - id: fresh\n    dedupe: { key: event.data.order_id, window: 1h }\n${ISSUED}    when: fresh\n`,
      line: 'when: fresh',
      hint: /dedupe step has no value/,
    },
    {
      what: 'once without a window',
      from: CONCURRENCY,
      to: `once: {}\n${CONCURRENCY}`,
      hint: /window/,
    },
    {
      what: 'once as a flag',
      from: CONCURRENCY,
      to: `once: true\n${CONCURRENCY}`,
      hint: /once/,
    },
    {
      what: 'a misspelt once',
      from: CONCURRENCY,
      to: `onec: { window: 6h }\n${CONCURRENCY}`,
      hint: /once/,
    },
    {
      what: 'a window without a unit',
      from: CONCURRENCY,
      to: `once: { window: 3600 }\n${CONCURRENCY}`,
      hint: /window/,
    },
  ],
})
