// The grammar of what a pipeline reads: one kind of source each.
import { name, object, oneOf, otherwise, size, type Schema } from './parts.ts'

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
}

export type SourceKind = keyof typeof SOURCES

/** The whole of `from`, by the field that names the source. */
export const SOURCE_KINDS: ReadonlyMap<string, Schema> = new Map(Object.entries(SOURCES))
