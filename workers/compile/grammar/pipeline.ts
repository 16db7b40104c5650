// The grammar of a pipeline file.
import {
  duration,
  expression,
  name,
  object,
  oneOf,
  size,
  text,
  whole,
  type JsonSchema,
} from './parts.ts'

const id = text('Unique name of the step; what later expressions call its value.', {
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  examples: ['prediction'],
  maxLength: 64,
})
const when = expression('The step runs only if this is true.')

const handler = name('The handler: workers/handlers/<name>.ts.')
const input = expression('What the handler is given.')
const timeout = duration('The handler may take (default 20s).')

/** The verbs of the language; each step has exactly one. */
const VERBS: Readonly<Record<string, JsonSchema>> = {
  call: object('Call a handler; its value is what it returns.', { handler, input, timeout }, [
    'handler',
    'input',
  ]),
  cache: object(
    'Answer from a cache, else load and remember; its value is the cached one.',
    {
      in: name('The cache.'),
      key: expression('What identifies the entry; the order of object keys does not matter.'),
      load: object('What to do on a miss.', { call: handler, input, timeout }, ['call', 'input']),
    },
    ['in', 'key', 'load'],
  ),
  command: object(
    'Send a command to a queue; it has no value.',
    { to: name('The queue.'), body: expression('The message; must fit the schema of the queue.') },
    ['to', 'body'],
  ),
  event: object(
    'Send an event to a topic; it has no value.',
    {
      to: name('The topic.'),
      key: expression('The key of the message (default: event.key).'),
      body: expression('The message; must fit the schema of the topic.'),
    },
    ['to', 'body'],
  ),
}

/** The whole of a step, by its verb. */
export const STEPS: ReadonlyMap<string, JsonSchema> = new Map(
  Object.entries(VERBS).map(([verb, body]) => [
    verb,
    object(`A ${verb} step.`, { id, when, [verb]: body }, ['id', verb]),
  ]),
)

const deadLetter = name('The topic that takes the dead letters.')

const PIPELINE_PARTS = {
  pipeline: name('Name of the pipeline.'),
  from: object(
    'Where messages come from.',
    {
      topic: name('The topic.'),
      group: name('The consumer group (default: the name of the pipeline).'),
      start: oneOf(
        'Where a group without offsets begins (default earliest).',
        'earliest',
        'latest',
      ),
      maxBytes: size('Larger messages are invalid (default 1MiB).'),
    },
    ['topic'],
  ),
  when: expression('Messages for which this is false are filtered.'),
  order: oneOf(
    'key: each key in order, all other keys in parallel. partition: one after another. none: as they come.',
    'key',
    'partition',
    'none',
  ),
  concurrency: whole('Messages at work at most (default 256).', 1, 100_000),
  window: whole(
    'Messages taken and unsettled at most; a full window pauses the source (default 10000).',
    1,
    1_000_000,
  ),
  failure: object(
    'What happens to messages that fail.',
    {
      invalid: object('The message itself is bad; never retried.', { deadLetter }, ['deadLetter']),
      transient: object(
        'Worth another attempt.',
        {
          retry: object(
            'Attempts and the waits between them.',
            {
              attempts: whole('All tries, the first included.', 1, 1_000),
              first: duration('Wait before the second attempt.', '0ms'),
              max: duration('Longest wait.', '0ms'),
              jitter: oneOf('full: a random part of the wait. none: the whole.', 'full', 'none'),
            },
            ['attempts', 'first', 'max', 'jitter'],
          ),
          deadLetter,
        },
        ['retry', 'deadLetter'],
      ),
      defect: object('Pipeline or handler is wrong; never retried.', { deadLetter }, [
        'deadLetter',
      ]),
      guard: object(
        'Stops the pipeline instead of draining its source into dead letters.',
        {
          of: whole('Latest outcomes that are looked at.', 1, 100_000),
          tolerate: whole('Exhausted or defect messages tolerated among them.', 0, 100_000),
          then: oneOf('What to do beyond that.', 'pause'),
        },
        ['of', 'tolerate', 'then'],
      ),
    },
    ['invalid', 'transient', 'defect'],
  ),
}

const REQUIRED = ['pipeline', 'from', 'order', 'steps', 'failure']

/** For ajv: steps are checked one by one, by their verb, so that a slip gives one message. */
export const PIPELINE: JsonSchema = object(
  'A pipeline: where messages come from, what happens to them, and what if it fails.',
  {
    ...PIPELINE_PARTS,
    steps: {
      type: 'array',
      description: 'One after another.',
      minItems: 1,
      items: { type: 'object', description: 'An id and one of call, cache, command and event.' },
    },
  },
  REQUIRED,
)

/** For editors: the same with the steps spelt out. */
export const PIPELINE_FOR_EDITORS: JsonSchema = object(
  'A pipeline: where messages come from, what happens to them, and what if it fails.',
  {
    ...PIPELINE_PARTS,
    steps: {
      type: 'array',
      description: 'One after another.',
      minItems: 1,
      items: { oneOf: [...STEPS.values()] },
    },
  },
  REQUIRED,
)
