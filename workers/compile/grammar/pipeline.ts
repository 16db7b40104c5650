// The grammar of a pipeline file.
import { FAILURE } from './failure.ts'
import {
  duration,
  expression,
  list,
  name,
  object,
  oneOf,
  otherwise,
  whole,
  type JsonSchema,
  type Schema,
} from './parts.ts'
import { SOURCE_KINDS } from './sources.ts'
import { STEPS } from './steps.ts'

const pipelineWith = (step: Schema, from: Schema) =>
  object(
    'A pipeline: where messages come from, what happens to them, and what if it fails.',
    {
      pipeline: name('Name of the pipeline.', 'predictions'),
      from,
      when: expression(
        'Messages for which this is false are filtered.',
        "event.data.event_type === 'prediction_request'",
      ),
      once: object(
        'A message that comes again, by source and id, is suppressed and counted. Needs `state` in fleet.yaml.',
        {
          window: duration(
            'How long what is done is remembered; longer than a message may be tried.',
            '1h',
            '1s',
            '365d',
          ),
        },
        ['window'],
      ),
      order: oneOf(
        'key: each key in order, all other keys in parallel. partition: one after another. none: as they come.',
        'key',
        'partition',
        'none',
      ),
      concurrency: otherwise(256, whole('Messages at work at most.', 256, 1, 100_000)),
      window: whole(
        'Messages taken and unsettled at most: what waits for its key is held up to here; of a queue it is the prefetch (default: 10000 of a topic, else twice the concurrency).',
        10_000,
        1,
        1_000_000,
      ),
      steps: list('One after another.', step, { minItems: 1 }),
      reply: expression(
        'The answer to whoever asked, after the last step; of pipelines that read a queue with answers, and of no others.',
        '{ amount: price.amount }',
      ),
      failure: FAILURE,
    },
    ['pipeline', 'from', 'order', 'steps', 'failure'],
  )

const FROM = 'Where messages come from.'
const STEP =
  'An id and one of call, cache, map, command, event, job, store, dedupe, route and split.'

/** For ajv: the source and the steps are checked one by one, by their kind, so that a slip gives one message. */
export const PIPELINE = pipelineWith(
  { type: 'object', description: STEP },
  { type: 'object', description: FROM },
)

/** For editors and the reference: the same spelt out. */
export const PIPELINE_SPELT_OUT: JsonSchema = pipelineWith(
  { description: STEP, oneOf: [...STEPS.values()] },
  { description: FROM, oneOf: [...SOURCE_KINDS.values()] },
)
