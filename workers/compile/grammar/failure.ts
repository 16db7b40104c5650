// The grammar of what happens to messages that fail.
import { duration, list, name, object, oneOf, otherwise, whole } from './parts.ts'

const park = object(
  'Further waits outside of the pipeline, so that they hold no place in its window. Only where order is none.',
  {
    after: whole('Attempts in place before the first of them.', 3, 1, 999),
    tiers: list(
      'One wait after the other; the last one for all that follow. Each is a topic of its own, or a queue where the source is one; jobs wait where they are.',
      duration('A wait.', '10m', '1s', '7d'),
      { minItems: 1, maxItems: 8, uniqueItems: true },
    ),
  },
  ['after', 'tiers'],
)

export const RETRY = object(
  'Attempts and the waits between them: each wait is twice the last one.',
  {
    attempts: whole('All tries, the first included.', 5, 1, 1_000),
    first: duration('Wait before the second attempt.', '200ms', '0ms'),
    max: duration('Longest wait.', '30s', '0ms'),
    jitter: oneOf('full: a random part of the wait. none: the whole of it.', 'full', 'none'),
    park,
  },
  ['attempts', 'first', 'max', 'jitter'],
)

export const BREAKER = object(
  'Holds calls back while most of them fail, and the pipelines that need them. All who name it share it.',
  {
    window: whole('The latest calls that are looked at.', 50, 1, 100_000),
    minimum: whole(
      'It stays closed while fewer calls than that were made. Above the attempts of a message, no message opens it alone; up to them, none is given up before it opens.',
      10,
      1,
      100_000,
    ),
    failureRate: whole('It opens when that many percent of them failed.', 50, 1, 100),
    open: duration('How long it stays open before the next probe.', '30s'),
    probes: otherwise(
      3,
      whole('Calls that must succeed, one after another, before it closes again.', 3, 1, 1_000),
    ),
    patience: otherwise(
      '10m',
      duration(
        'Probes that fail are no attempts of their message, for that long; later ones are.',
        '10m',
        '0ms',
      ),
    ),
  },
  ['window', 'minimum', 'failureRate', 'open'],
)

const deadLetter = name(
  'The topic that takes the dead letters, or the queue of type stream; one with `deadLetters: true`. Where the source is a queue of jobs, its own name leaves them among its failed ones.',
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
        tolerate: whole('Failed messages tolerated among them.', 20, 0, 100_000),
        counts: otherwise(
          ['exhausted', 'defect'],
          list(
            'Which messages are failed ones.',
            oneOf(
              'exhausted: their attempts are used up. defect: pipeline or handler is wrong. invalid: they were bad when they came.',
              'exhausted',
              'defect',
              'invalid',
            ),
            { minItems: 1, uniqueItems: true },
          ),
        ),
        then: oneOf('What to do beyond that.', 'pause'),
      },
      ['of', 'tolerate', 'then'],
    ),
  },
  ['invalid', 'transient', 'defect'],
)
