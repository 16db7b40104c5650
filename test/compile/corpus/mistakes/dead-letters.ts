// Where dead letters go: mistakes in streams that hold them, and in who sends there.
import { FLEET, PREDICTIONS, seeded } from '../corpus.ts'

const STREAM = 'failed: { in: work, type: stream, deadLetters: true, retention: { time: 30d } }'

export const deadLetters = seeded('dead letters', {
  [FLEET]: [
    {
      what: 'dead letters on a quorum queue',
      from: STREAM,
      to: 'failed: { in: work, deadLetters: true }',
      hint: /stream/,
    },
    {
      what: 'dead letters on a classic queue',
      from: STREAM,
      to: 'failed: { in: work, type: classic, deadLetters: true }',
      hint: /stream/,
    },
    {
      what: 'a schema for dead letters on a stream',
      from: STREAM,
      to: 'failed: { in: work, type: stream, deadLetters: true, schema: commands/alert }',
      hint: /schema/,
    },
    {
      what: 'an exchange that routes to dead letters',
      from: STREAM,
      to: 'failed: { in: work, type: stream, deadLetters: true, bindings: [{ exchange: notifications, key: "#" }] }',
      hint: /bindings/,
    },
    {
      what: 'a stream of nothing in particular',
      from: STREAM,
      to: 'failed: { in: work, type: stream }',
      hint: /schema.*deadLetters/s,
    },
    {
      what: 'an audit log among dead letters',
      from: 'state: { in: hot }',
      to: 'audit: { topic: orders.dlq }\nstate: { in: hot }',
      hint: /of its own/,
    },
    {
      what: 'an audit log on a topic that is not there',
      from: 'state: { in: hot }',
      to: 'audit: { topic: audits }\nstate: { in: hot }',
      hint: /topic/,
    },
    {
      what: 'an audit log in two places',
      from: 'state: { in: hot }',
      to: 'audit: { topic: orders.dlq, file: audit.jsonl }\nstate: { in: hot }',
      hint: /exactly one/,
    },
    {
      what: 'dead letters by a misspelt flag',
      from: STREAM,
      to: 'failed: { in: work, type: stream, deadLetter: true }',
      hint: /deadLetters/,
    },
  ],
  [PREDICTIONS]: [
    {
      what: 'dead letters to a queue of commands',
      from: 'invalid: { deadLetter: ml_events.dlq }',
      to: 'invalid: { deadLetter: alerts }',
      hint: /deadLetters/,
    },
    {
      what: 'dead letters to a misspelt stream',
      from: 'defect: { deadLetter: ml_events.dlq }',
      to: 'defect: { deadLetter: failled }',
      hint: /failed/,
    },
    {
      what: 'a command to the dead letters',
      from: 'to: alerts',
      to: 'to: failed',
      hint: /another queue/,
    },
  ],
})
