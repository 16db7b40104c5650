// Why: pipeline tests and simulation (SLU035x, SLU036x).
import type { Reason } from './entry.ts'

export const TESTS = {
  SLU0350: {
    why: 'Each of these fields says the same thing in another way, so one of them decides and the others would be ignored.',
    example: {
      wrong: `given:
  events:
    - { value: { kind: cancelled, order_id: a1, reason: late }, raw: '{"kind"' }`,
      right: `given:
  events:
    - { raw: '{"kind"' }`,
    },
  },
  SLU0351: {
    why: 'Reports, and --name, find a case by its name. A CI server would show one result for two cases.',
    example: {
      wrong: `cases:
  - { name: no JSON, given: { events: [{ raw: '{' }] }, expect: { others: allow } }
  - { name: no JSON, given: { events: [{ raw: ']' }] }, expect: { others: allow } }`,
      right: `cases:
  - { name: half an object, given: { events: [{ raw: '{' }] }, expect: { others: allow } }
  - { name: a bracket alone, given: { events: [{ raw: ']' }] }, expect: { others: allow } }`,
    },
  },
  SLU0352: {
    why: 'The message would become a dead letter before the pipeline saw it, so the case would test something else than it says.',
    example: {
      wrong: `given:
  events:
    - { value: { kind: cancelled, order_id: 7, reason: late } }`,
      right: `given:
  events:
    - { value: { kind: cancelled, order_id: 7, reason: late }, invalid: true }`,
    },
  },
  SLU0353: {
    why: 'The case is about a message that is refused, and this one is not: its dead letter would never come.',
    example: {
      wrong: `given:
  events:
    - { value: { kind: cancelled, order_id: a7, reason: late }, invalid: true }`,
      right: `given:
  events:
    - { value: { kind: cancelled, order_id: a7, reason: late } }`,
    },
  },
  SLU0354: {
    why: 'Nothing that may be sent there fits what is expected, so the case could only ever fail.',
    example: {
      wrong: `expect:
  events: { billed: [{ value: { order_id: a1, amount: ten } }] }`,
      right: `expect:
  events: { billed: [{ value: { order_id: a1, amount: 10 } }] }`,
    },
  },
  SLU0355: {
    why: 'The pipeline never touches it: what is given there is never read, and what is expected there never comes.',
    example: {
      wrong: `given:
  handlers: { quotes: [{ return: { amount: 10, currency: EUR } }] }`,
      right: `given:
  handlers: { quote: [{ return: { amount: 10, currency: EUR } }] }`,
    },
  },
  SLU0356: {
    why: 'An object with a key that begins with $ is a matcher, and there is none of this form. Read as plain data it would never be equal to what arrives.',
    example: {
      wrong: `expect:
  events: { billed: [{ contains: { amount: { $about: 10 } } }] }`,
      right: `expect:
  events: { billed: [{ contains: { amount: { $approx: { value: 10, within: 0.01 } } } }] }`,
    },
  },
  SLU0357: {
    why: 'A connection is there or away. Where two outages overlap, the end of the first would end the second.',
    example: {
      wrong: `given:
  faults:
    - { connection: work, away: { from: 0s, for: 1m } }
    - { connection: work, away: { from: 30s, for: 1m } }`,
      right: `given:
  faults:
    - { connection: work, away: { from: 0s, for: 1m } }
    - { connection: work, away: { from: 2m, for: 1m } }`,
    },
  },
  SLU0360: {
    why: 'A test run that finds no case would pass for ever, whatever breaks. So it fails.',
  },
  SLU0361: {
    why: 'Simulation makes up messages from the schema of the topic. Some patterns and combinations cannot be met by guessing.',
    example: {
      wrong: `type: string
pattern: ^[A-Z]{3}-(?:19|20)[0-9]{6}$`,
      right: `type: string
pattern: ^[A-Z]{3}-(?:19|20)[0-9]{6}$
examples: [ABC-20260101]`,
    },
  },
  SLU0362: {
    why: 'In a simulation and in pipeline tests time and chance are made, so that the same seed gives the same history. A handler that asks the real ones answers otherwise each time, and what waits for a real timer waits while the made time runs on.',
  },
} as const satisfies Record<string, Reason>
