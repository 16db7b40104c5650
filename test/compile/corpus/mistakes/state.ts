// What outlives a process: mistakes in where it is kept.
import { FLEET, seeded } from '../corpus.ts'

const STATE = 'state: { in: hot }'

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
})
