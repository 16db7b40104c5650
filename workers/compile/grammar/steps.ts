// The grammar of steps; each has exactly one verb.
import type { Raw } from '../raw.ts'
import {
  duration,
  exactlyOne,
  expression,
  list,
  name,
  named,
  object,
  otherwise,
  text,
  whole,
  type Schema,
} from './parts.ts'

const NAME = { pattern: '^[A-Za-z_][A-Za-z0-9_]*$', maxLength: 64 }

const id = text(
  'Unique name of the step; what later expressions call its value.',
  'prediction',
  NAME,
)
const when = expression('The step runs only if this is true.', 'prediction.score > 0.9')

const handler = name('The handler: workers/handlers/<name>.ts.', 'predict')
const input = expression('What the handler is given.', 'event.data')
const caches = otherwise(
  [],
  list(
    'The caches that the handler may use by itself, as ctx.caches.',
    name('A cache.', 'predictions'),
  ),
)
const timeout = otherwise('20s', duration('The handler may take that long.', '5s'))

/** `isStep` is for our own tools: what stands there is checked by its own verb, like every step. */
const step: Schema<Raw> = {
  type: 'object',
  description: 'A step.',
  isStep: true,
  examples: [{ id: 'total', map: { value: 'event.data.lines.length' } }],
}
const breaker = name('A breaker of fleet.yaml that its calls go through.', 'model_server')

export const VERBS = {
  call: object(
    'Call a handler; its value is what it returns.',
    { handler, input, caches, timeout, breaker },
    ['handler', 'input'],
  ),
  cache: object(
    'Answer from a cache, else load and remember; its value is the cached one.',
    {
      in: name('The cache.', 'predictions'),
      key: expression(
        'What identifies the entry; the order of object keys does not matter.',
        '[event.data.model_id, event.data.features]',
      ),
      tags: expression(
        'What the entry is about: a list of at most 16 texts or numbers. `forget` of one of them ends it.',
        '[event.data.table]',
      ),
      load: object('What to do on a miss.', { call: handler, input, caches, timeout, breaker }, [
        'call',
        'input',
      ]),
    },
    ['in', 'key', 'load'],
  ),
  forget: object(
    'End every entry of a cache that has a tag; what is loaded meanwhile is remembered for nobody. It waits while the cache is away, whatever its `whenDown`; it has no value.',
    {
      in: name('The cache.', 'query_results'),
      tag: expression(
        'One of the `tags` that cache steps give their entries: a text or a number.',
        'event.data.table',
      ),
    },
    ['in', 'tag'],
  ),
  map: object(
    'Compute a value from what is known so far; its value is that of the expression.',
    {
      value: expression(
        'What is computed.',
        '({ sum: event.data.a + event.data.b, first: event.data.list[0] })',
      ),
    },
    ['value'],
  ),
  command: object(
    'Send a command to a queue, or through an exchange to the queues bound to it; it has no value.',
    {
      to: name('The queue or exchange.', 'alerts'),
      key: expression(
        'The routing key; topic and direct exchanges need one, nothing else has one.',
        "'high.' + event.data.model_id",
      ),
      body: expression('The message; must fit its schema.', '{ event_id: event.id, score: 0.5 }'),
    },
    ['to', 'body'],
  ),
  request: object(
    'Ask over a queue and wait for the answer; its value is the answer.',
    {
      to: name('The queue; it says what its answers look like: reply in fleet.yaml.', 'quotes'),
      body: expression(
        'The question; must fit the schema of the queue.',
        '{ sku: event.data.sku }',
      ),
      timeout: otherwise('10s', duration('The answer may take that long.', '5s')),
    },
    ['to', 'body'],
  ),
  event: object(
    'Send an event to a topic; it has no value.',
    {
      to: name('The topic.', 'prediction_results'),
      key: otherwise('event.key', expression('The key of the message.', 'event.data.model_id')),
      body: expression(
        'The message; must fit the schema of the topic.',
        '{ event_id: event.id, score: prediction.score }',
      ),
    },
    ['to', 'body'],
  ),
  job: object(
    'Add a job, once: a repeat with the same id is no second job; it has no value.',
    {
      to: name('The queue of jobs.', 'trainings'),
      id: expression(
        'What tells one job from another: a string or a number (default: the message and the step, so that each message adds one job).',
        'event.data.model_id',
      ),
      body: expression('The job; must fit its schema.', '{ model_id: event.data.model_id }'),
      delay: otherwise('0ms', duration('Nobody takes it before that has passed.', '10m', '0ms')),
      priority: whole(
        '1 goes first; jobs without a priority go before all that have one.',
        1,
        1,
        2_097_151,
      ),
    },
    ['to', 'body'],
  ),
  dedupe: object(
    'Go on only with messages whose key was not seen within the window; the rest of the pipeline is skipped for the others, which count as duplicates. A key counts as seen when the message that brought it is done. Needs `state` in fleet.yaml; it has no value.',
    {
      key: expression(
        'What the message is about; the order of object keys does not matter.',
        '[event.data.order_id, event.data.status]',
      ),
      window: duration('How long a key counts as seen.', '10m', '1s', '365d'),
    },
    ['key', 'window'],
  ),
  window: object(
    'Count messages by when they happened, in windows of equal length that do not overlap, each group by itself. Its value is the list of windows that this message closes, mostly none: { id, start, end, group, count, and for each measure { count, sum, min, max, avg } }; the list holds for this message alone, so let `split` send one event for each. A window is closed once the time of every partition has passed its end by `late`. The time of a partition is the highest of the messages that came to this step with none before them missing, and never ahead of the clock: whoever overtakes others makes none of them late. A message whose window is over for its own partition is late: counted as late, in no window. One that is not late, from a partition that was not waited for, opens a closed window again: rows of one window add up. A message that comes again is known again in its partition. Windows are closed by messages, of whatever group or partition: without any they stay open, for 30 days at most. Needs `state` in fleet.yaml, which holds the ids of all messages in open windows.',
    {
      by: otherwise(
        'null',
        expression(
          'What is counted together; the order of object keys does not matter.',
          'event.data.model_id',
        ),
      ),
      at: otherwise(
        'event.time',
        expression(
          'When it happened: a date and time as text, or milliseconds since 1970.',
          'event.data.timestamp',
        ),
      ),
      every: duration(
        'How long a window is; windows begin at whole multiples since 1970, UTC.',
        '1m',
        '1s',
        '7d',
      ),
      late: otherwise(
        '10s',
        duration(
          'How long after its end a window stays open: how far messages of one partition are out of order. Of a queue that several processes read it has to cover what these have at work as well, and of parked messages how long they are parked.',
          '10s',
          '0ms',
          '7d',
        ),
      ),
      idle: otherwise(
        '1m',
        duration(
          'A partition of which nothing came for that long is not waited for.',
          '1m',
          '1s',
          '7d',
        ),
      ),
      limit: otherwise(
        10_000,
        whole(
          'So many windows may be open; a message that would open one more is tried again, and then a dead letter.',
          10_000,
          1,
          1_000_000,
        ),
      ),
      measure: otherwise(
        {},
        {
          ...named(
            'What is measured, by name. A message without a value, null or undefined, is not in the measure.',
            expression('A number.', 'event.data.latency_ms'),
          ),
          propertyNames: NAME,
        },
      ),
    },
    ['every'],
  ),
  store: object(
    'Write a value to a store, for others to read; it has no value. With `once` a repeat of the message writes nothing.',
    {
      in: name('The store.', 'profiles'),
      key: expression('What the value stands under: a string or a number.', 'event.data.user_id'),
      value: expression('The value; must fit its schema.', '{ score: prediction.score }'),
      version: expression(
        'Which version of the value it is, a whole number: where a larger one stands nothing is written. Not written: what comes last stays.',
        'event.data.version',
      ),
    },
    ['in', 'key', 'value'],
  ),
  route: object(
    'Choose one of several ways: the first branch whose condition holds, and no other; it has no value.',
    {
      branches: list(
        'In this order.',
        object(
          'A way, and when to take it.',
          {
            when: expression(
              'Takes the message if this is true.',
              "event.data.severity === 'high'",
            ),
            steps: list('One after another; their values are known within this branch.', step, {
              minItems: 1,
            }),
          },
          ['when', 'steps'],
        ),
        { minItems: 1 },
      ),
      otherwise: exactlyOne(
        ['steps', 'fail'],
        object('What happens if no branch holds: steps, or fail; steps: [] is nothing at all.', {
          steps: list('One after another; an empty list does nothing.', step),
          fail: text(
            'The message is a defect, for this reason.',
            'no such severity was agreed upon',
            { maxLength: 500 },
          ),
        }),
      ),
    },
    ['branches', 'otherwise'],
  ),
  split: object(
    'Run steps for each item of a list, one item after another; it has no value.',
    {
      over: expression('The list; an empty one is fine.', 'event.data.lines'),
      as: text('What the steps call the item.', 'line', NAME),
      id: expression(
        'What identifies an item among the others, a text or a number; its place if it is not written. It ends the ids of what is sent.',
        'line.sku',
      ),
      limit: otherwise(1_000, whole('A message with more items is a defect.', 1_000, 1, 100_000)),
      steps: list('For each item, one after another; their values are known here alone.', step, {
        minItems: 1,
      }),
    },
    ['over', 'as', 'steps'],
  ),
}

export type Verb = keyof typeof VERBS

/** The whole of a step, by its verb. */
export const STEPS: ReadonlyMap<string, Schema> = new Map(
  Object.entries(VERBS).map(([verb, body]) => [
    verb,
    object(`A ${verb} step.`, { id, when, [verb]: body }, ['id', verb]),
  ]),
)
