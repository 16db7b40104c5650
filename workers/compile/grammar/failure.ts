// The grammar of what happens to messages that fail.
import { duration, name, object, oneOf, whole } from './parts.ts'

export const RETRY = object(
  'Attempts and the waits between them: each wait is twice the last one.',
  {
    attempts: whole('All tries, the first included.', 5, 1, 1_000),
    first: duration('Wait before the second attempt.', '200ms', '0ms'),
    max: duration('Longest wait.', '30s', '0ms'),
    jitter: oneOf('full: a random part of the wait. none: the whole of it.', 'full', 'none'),
  },
  ['attempts', 'first', 'max', 'jitter'],
)

const deadLetter = name(
  'The topic that takes the dead letters, or the queue of type stream; one with `deadLetters: true`.',
  'ml_events.dlq',
)

export const FAILURE = object(
  'What happens to messages that fail.',
  {
    invalid: object('The message itself is bad; never retried.', { deadLetter }, ['deadLetter']),
    transient: object(
      'Worth another attempt. Either retry or policy.',
      {
        retry: RETRY,
        policy: name('A retry policy of fleet.yaml.', 'patient'),
        deadLetter,
      },
      ['deadLetter'],
    ),
    defect: object('Pipeline or handler is wrong; never retried.', { deadLetter }, ['deadLetter']),
    guard: object(
      'Stops the pipeline instead of draining its source into dead letters.',
      {
        of: whole('Latest outcomes that are looked at.', 200, 1, 100_000),
        tolerate: whole('Exhausted or defect messages tolerated among them.', 20, 0, 100_000),
        then: oneOf('What to do beyond that.', 'pause'),
      },
      ['of', 'tolerate', 'then'],
    ),
  },
  ['invalid', 'transient', 'defect'],
)
