// The grammar of a pipeline file.
import { FAILURE } from './failure.ts'
import {
  expression,
  list,
  name,
  object,
  oneOf,
  otherwise,
  size,
  whole,
  type JsonSchema,
  type Schema,
} from './parts.ts'
import { STEPS } from './steps.ts'

const FROM = object(
  'Where messages come from.',
  {
    topic: name('The topic.', 'ml_events'),
    group: name('The consumer group (default: the name of the pipeline).', 'predictions'),
    start: otherwise(
      'earliest',
      oneOf('Where a group without offsets begins.', 'earliest', 'latest'),
    ),
    maxBytes: otherwise('1MiB', size('Larger messages are invalid.', '1MiB')),
  },
  ['topic'],
)

const pipelineWith = (step: Schema) =>
  object(
    'A pipeline: where messages come from, what happens to them, and what if it fails.',
    {
      pipeline: name('Name of the pipeline.', 'predictions'),
      from: FROM,
      when: expression(
        'Messages for which this is false are filtered.',
        "event.data.event_type === 'prediction_request'",
      ),
      order: oneOf(
        'key: each key in order, all other keys in parallel. partition: one after another. none: as they come.',
        'key',
        'partition',
        'none',
      ),
      concurrency: otherwise(256, whole('Messages at work at most.', 256, 1, 100_000)),
      window: otherwise(
        10_000,
        whole(
          'Messages taken and unsettled at most: what waits for its key is held up to here.',
          10_000,
          1,
          1_000_000,
        ),
      ),
      steps: list('One after another.', step, { minItems: 1 }),
      failure: FAILURE,
    },
    ['pipeline', 'from', 'order', 'steps', 'failure'],
  )

/** For ajv: steps are checked one by one, by their verb, so that a slip gives one message. */
export const PIPELINE = pipelineWith({
  type: 'object',
  description: 'An id and one of call, cache, map, command, event and route.',
})

/** For editors and the reference: the same with the steps spelt out. */
export const PIPELINE_SPELT_OUT: JsonSchema = pipelineWith({
  description: 'An id and one of call, cache, map, command, event and route.',
  oneOf: [...STEPS.values()],
})
