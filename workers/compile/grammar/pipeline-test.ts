// The grammar of a file of pipeline tests.
import {
  duration,
  exactlyOne,
  flag,
  list,
  name,
  named,
  object,
  oneOf,
  text,
  whole,
  type Schema,
} from './parts.ts'

const anything = (description: string, ...examples: unknown[]): Schema => ({
  description,
  examples,
})

const yes = (description: string): Schema<true> => ({
  enum: [true],
  description,
  examples: [true],
})

const key: Schema<string | null> = {
  type: ['string', 'null'],
  description: 'The key of the message; null for none (default null).',
  examples: ['user-1'],
}
const headers: Schema<Readonly<Record<string, string>>> = {
  type: 'object',
  description: 'Headers by name.',
  additionalProperties: { type: 'string', description: 'A text.', examples: ['crm'] },
  examples: [{ ce_source: '/shop' }],
}
const raw: Schema<string> = {
  type: 'string',
  description: 'The bytes as text, whatever they are; for what is no JSON.',
  examples: ['{"event_id": '],
}
const base64: Schema<string> = {
  type: 'string',
  description: 'The bytes in base64.',
  pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
  examples: ['AAECAw=='],
}

const OUTCOMES = ['return', 'throw', 'timeout', 'real']

const outcome = exactlyOne(
  OUTCOMES,
  object('What one call does: return, throw, timeout or real.', {
    return: anything('The value that the call returns.', { model_id: 'm1', score: 0.95 }),
    throw: object(
      'The call fails with an error.',
      {
        message: text('What the error says.', 'the model server is away'),
        permanent: flag('True: no further attempt can help (default false: it is tried again).'),
        retryAfter: duration(
          'How long the handler says to wait before another attempt, instead of what the policy says.',
          '30s',
        ),
      },
      ['message'],
    ),
    timeout: yes('The call does not answer before the timeout of its step.'),
    real: yes('The call is made: workers/handlers/<name>.ts.'),
  }),
)

const answer = exactlyOne(
  ['return', 'throw', 'timeout'],
  object('What comes of one request: return, throw or timeout.', {
    return: anything('The answer.', { amount: 7 }),
    throw: object(
      'Who answers gave the request up.',
      {
        message: text('Why.', 'no such sku'),
        permanent: flag('True: asking again would end the same (default false).'),
      },
      ['message'],
    ),
    timeout: yes('No answer comes.'),
  }),
)

const handlers = named(
  'Handlers by name: what their calls do, for each message in the order of its calls; the last one goes for all that follow. Others are real.',
  list('Outcomes of the first call, of the second …', outcome, { minItems: 1 }),
)

const message = {
  key,
  headers,
  raw,
  base64,
  invalid: yes('The value does not fit the schema of the source, on purpose.'),
  after: duration(
    'When it is sent, counted from the start of the case (default 0ms).',
    '5s',
    '0ms',
  ),
  handlers,
}

const BODIES = ['value', 'raw', 'base64']

const event = exactlyOne(
  BODIES,
  object('A message on the topic that the pipeline reads; its body is value, raw or base64.', {
    ...message,
    value: anything('The body as JSON; null is a tombstone.', { event_id: 'e1' }),
  }),
)

const command = exactlyOne(
  BODIES,
  object('A message on the queue that the pipeline reads; its body is value, raw or base64.', {
    ...message,
    asks: yes('It waits for an answer.'),
    id: text(
      'The id of the message; the same twice is a duplicate (default: one of its own).',
      'c1',
    ),
    value: anything('The body as JSON.', { model_id: 'm1' }),
  }),
)

const job = exactlyOne(
  BODIES,
  object('A job of those that the pipeline does; its body is value, raw or base64.', {
    ...message,
    id: text('The id of the job; unique in its case (default: one of its own).', 'j1'),
    value: anything('The body as JSON.', { model_id: 'm1' }),
  }),
)

const firing = object(
  'A firing of the schedule.',
  {
    at: text(
      'The time it is for, which is what tells it from others.',
      '2026-01-01T03:00:00.000Z',
      {
        pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$',
      },
    ),
    after: message.after,
    handlers,
  },
  ['at'],
)

const cached = object(
  'An entry of the cache.',
  {
    key: anything('What the key expression of the cache step gives.', ['m1', { user_id: 1 }]),
    value: anything('The value.', { score: 0.5 }),
    invalid: yes('The value does not fit the schema of the cache, on purpose.'),
  },
  ['key', 'value'],
)

const fault = object(
  'A connection that is away for a while.',
  {
    connection: name('The connection, as fleet.yaml calls it.', 'work'),
    away: object(
      'When.',
      {
        from: duration('Counted from the start of the case.', '0ms', '0ms'),
        for: duration('How long.', '30s'),
      },
      ['from', 'for'],
    ),
  },
  ['connection', 'away'],
)

const given = exactlyOne(
  ['events', 'commands', 'jobs', 'fires'],
  object('What the pipeline meets.', {
    events: list('Messages on the topic that the pipeline reads, in order.', event, {
      minItems: 1,
    }),
    commands: list('Messages on the queue that the pipeline reads, in order.', command, {
      minItems: 1,
    }),
    jobs: list('Jobs of the queue that the pipeline works on, in order.', job, { minItems: 1 }),
    fires: list(
      'Firings of the schedule that the pipeline runs by, in order; it fires at no other time.',
      firing,
      {
        minItems: 1,
      },
    ),
    handlers,
    answers: named(
      'Queues that the pipeline asks: what becomes of each request, in the order of its attempts; the last one goes for all that follow. Of others nobody answers.',
      list('Outcomes of the first attempt, of the second …', answer, { minItems: 1 }),
    ),
    caches: named(
      'What stands in caches before the first message, by cache.',
      list('Entries.', cached),
    ),
    faults: list('What is away, and when; on embedded drivers only.', fault),
  }),
)

const value = anything('The whole body: all of its fields, and no others. May hold matchers.', {
  event_id: 'e1',
  score: { $approx: { value: 0.93, within: 0.01 } },
})
const contains = anything(
  'Part of the body: what is written must be there, at every depth; other fields may be there as well. May hold matchers.',
  { event_id: 'e1' },
)
const body = { value, contains }
const sentHeaders = {
  headers: {
    type: 'object',
    description: 'Headers that must be there, by name; others may be there. May hold matchers.',
    examples: [{ ce_type: 'prediction_results' }],
  },
}

const letter = object('A dead letter; the fields that are written must match.', {
  code: text('Code of the error.', 'SLU5102', { pattern: '^SLU[0-9]{4}$' }),
  class: oneOf('Class of the failure.', 'defect', 'invalid', 'transient'),
  reason: anything('What the error says; a text or a matcher.', { $pattern: '^handler predict: ' }),
  step: text('Id of the step that failed.', 'prediction'),
  item: text('The item that it failed for, within a split.', '3'),
  attempts: whole('Attempts that were made.', 5, 1, 1_000_000),
  key,
  ...body,
  raw,
  base64,
  ...sentHeaders,
})

const counters = [
  'accepted',
  'acked',
  'filtered',
  'deadLettered',
  'duplicates',
  'parked',
  'retried',
]

const expectation = object(
  'What must have happened when everything is settled. Each destination that is named is named completely: in it, nothing else arrives. Of the caches only those that are named are looked at.',
  {
    events: named(
      'Events by topic.',
      list(
        'All of them.',
        object('An event; the fields that are written must match.', {
          key,
          ...body,
          ...sentHeaders,
        }),
      ),
    ),
    commands: named(
      'Commands by queue or exchange.',
      list(
        'All of them.',
        object('A command; the fields that are written must match.', {
          key: text('The routing key; only to exchanges.', 'alerts.high'),
          ...body,
        }),
      ),
    ),
    jobs: named(
      'Jobs by the queue they are added to.',
      list(
        'All of them.',
        object('A job; the fields that are written must match.', {
          id: anything('What tells it from others; a text or a matcher.', 'model-7'),
          ...body,
          delayMs: whole('Milliseconds that it waits.', 600_000, 1, 2_147_483_647),
          priority: whole('Its priority.', 1, 1, 2_097_151),
        }),
      ),
    ),
    stores: named(
      'Values that are written, by store.',
      list(
        'All of them.',
        object('A value that is written; the fields that are written must match.', {
          key: anything('What it stands under, as a text; may be a matcher.', 'user-1'),
          value,
        }),
      ),
    ),
    replies: named(
      'Answers to whoever asked, by the queue that the pipeline reads.',
      list(
        'All of them.',
        object('An answer; the fields that are written must match.', {
          ...body,
          refused: text('There is no answer, for this reason: a code.', 'SLU5102', {
            pattern: '^SLU[0-9]{4}$',
          }),
        }),
      ),
    ),
    caches: named(
      'Entries that are written, by cache, in any order.',
      list(
        'All of them.',
        object('An entry that is written; the fields that are written must match.', {
          key: anything('What the key expression gives. May hold matchers.', ['m1', 7]),
          value,
          contains,
        }),
      ),
    ),
    forgotten: named(
      'Tags that are forgotten, by cache, in any order.',
      list(
        'All of them.',
        object('A tag that is forgotten.', {
          tag: anything('The tag, as a text; may be a matcher.', 'orders'),
        }),
      ),
    ),
    deadLetters: named('Dead letters by topic.', list('All of them.', letter)),
    counts: object(
      'Counters of the pipeline; those that are written must match.',
      Object.fromEntries(
        counters.map((counter) => [counter, whole(`Messages ${counter}.`, 1, 0, 1_000_000)]),
      ),
    ),
    calls: named(
      'Calls of handlers by name; those that are written must match.',
      whole('How often, attempts included.', 2, 0, 1_000_000),
    ),
    breakers: named(
      'Breakers by name; those that are written must match.',
      whole('How often it opened.', 1, 0, 1_000_000),
    ),
    commits: exactlyOne(
      ['all', 'partitions'],
      object('What is committed in the end (default: all).', {
        all: yes('Every given message.'),
        partitions: {
          type: 'object',
          description: 'The next offset to read by partition; others have no commit.',
          propertyNames: { pattern: '^[0-9]+$' },
          additionalProperties: whole('Offset.', 2, 0, 1_000_000),
          examples: [{ 0: 2 }],
        },
      }),
    ),
    paused: yes('The guard pauses the pipeline; what it left is neither settled nor committed.'),
    order: oneOf(
      'promised: a destination gets its messages in the written order, as far as the pipeline promises it (default). any: in any order.',
      'any',
      'promised',
    ),
    others: oneOf(
      'allow: destinations that are not named may get messages (default: none may).',
      'allow',
    ),
  },
)

/** The same for ajv and for editors. */
export const PIPELINE_TEST = object(
  'Tests of one pipeline: what it is given, and what must come of it.',
  {
    pipeline: name('The pipeline that is tested.', 'predictions'),
    cases: list(
      'Each runs in a world of its own.',
      object(
        'One case.',
        {
          name: text('What is shown; unique in the file.', 'a high score raises one alert', {
            maxLength: 200,
          }),
          given,
          expect: expectation,
        },
        ['name', 'given', 'expect'],
      ),
      { minItems: 1 },
    ),
  },
  ['pipeline', 'cases'],
)
