// The grammar of what a pipeline reads: one kind of source each.
import {
  duration,
  exactlyOne,
  name,
  object,
  oneOf,
  otherwise,
  size,
  text,
  type Schema,
} from './parts.ts'

const maxBytes = otherwise('1MiB', size('Larger messages are invalid.', '1MiB'))

export const SOURCES = {
  topic: object(
    'Read a Kafka topic, as a member of a consumer group.',
    {
      topic: name('The topic.', 'ml_events'),
      group: name('The consumer group (default: the name of the pipeline).', 'predictions'),
      start: otherwise(
        'earliest',
        oneOf('Where a group without offsets begins.', 'earliest', 'latest'),
      ),
      maxBytes,
    },
    ['topic'],
  ),
  queue: object(
    'Read a RabbitMQ queue, beside other consumers of it.',
    { queue: name('The queue.', 'trainings'), maxBytes },
    ['queue'],
  ),
  jobs: object(
    'Do the jobs of a queue of them (BullMQ), beside other workers.',
    { jobs: name('The queue of jobs.', 'trainings'), maxBytes },
    ['jobs'],
  ),
  schedule: object(
    'Run at times, once in the whole fleet however many workers there are; what was missed while there were none is done once.',
    {
      schedule: exactlyOne(
        ['every', 'cron'],
        object('When.', {
          every: duration(
            'At each multiple of that since 1970 in UTC: 1h is each full hour.',
            '1h',
            '1s',
          ),
          cron: text(
            'Minute, hour, day of the month, month, day of the week; a field before them is the second.',
            '0 3 * * *',
            { maxLength: 200 },
          ),
          timezone: text('Of the cron (default: UTC).', 'Europe/Berlin', { maxLength: 100 }),
        }),
      ),
      in: name('The Redis connection that keeps it; one that evicts nothing.', 'hot'),
    },
    ['schedule', 'in'],
  ),
}

export type SourceKind = keyof typeof SOURCES

/** The whole of `from`, by the field that names the source. */
export const SOURCE_KINDS: ReadonlyMap<string, Schema> = new Map(Object.entries(SOURCES))
