// Combinations of a resource's own fields that a broker refuses, or that lose what somebody counts on.
import type { QueuePlan, TopicPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { YamlFile } from './yaml-file.ts'

export function checkResources(fleet: Fleet, file: YamlFile, out: Diagnostics): void {
  for (const topic of Object.values(fleet.topics)) {
    copies(topic, file, out)
    lettersStay(topic, file, out)
    lettersAreBytes('topics', topic, file, out)
    formatHasItsPlaces(topic, fleet, file, out)
  }
  for (const queue of Object.values(fleet.queues)) {
    fieldsOfItsType(queue, file, out)
    lettersOnStreams(queue, fleet, file, out)
    limitSaysHowMuch(queue, file, out)
    takesWhatIsRouted(queue, fleet, file, out)
  }
  for (const { name, staleMs, ttlMs } of Object.values(fleet.caches))
    if (staleMs > 10 * ttlMs)
      out.warning(
        'SLU0512',
        file.at(['caches', name, 'staleWhileRevalidate']),
        `entries live ${ttlMs} ms and may answer for ${staleMs} ms more`,
        'most answers would be old ones: raise the ttl, or shorten staleWhileRevalidate',
      )
}

function copies({ name, replication, minInSync }: TopicPlan, file: YamlFile, out: Diagnostics) {
  if (minInSync === undefined || replication === undefined || minInSync <= replication) return
  out.error(
    'SLU0509',
    file.at(['topics', name, 'minInSync']),
    `${minInSync} copies must be in sync, and there are ${replication}`,
    'nothing could ever be written: make minInSync at most replication, one less to survive a broker',
  )
}

/** The key of a dead letter is that of its origin: compaction would keep the latest of each key only. */
function lettersStay(
  { name, deadLetters, cleanup }: TopicPlan,
  file: YamlFile,
  out: Diagnostics,
): void {
  if (!deadLetters || cleanup === 'delete') return
  out.error(
    'SLU0510',
    file.at(['topics', name, 'cleanup']),
    `"${name}" holds dead letters, and would lose all but the latest of each key`,
    'write cleanup: delete, and a retention that gives people the time to look',
  )
}

/** A dead letter is what failed, and often just because it did not fit its schema. */
function lettersAreBytes(
  section: 'topics' | 'queues',
  { name, deadLetters, schema }: Pick<TopicPlan, 'name' | 'deadLetters' | 'schema'>,
  file: YamlFile,
  out: Diagnostics,
) {
  if (!deadLetters || schema === undefined) return
  out.error(
    'SLU0520',
    file.at([section, name, 'schema']),
    `"${name}" holds dead letters, which are bytes of any kind, and has a schema`,
    'remove the schema, or deadLetters: true',
  )
}

/** What a value is written in stands in a registry, and is made of a schema. */
function formatHasItsPlaces(
  { name, format, registers, schema, connection }: TopicPlan,
  { connections }: Fleet,
  file: YamlFile,
  out: Diagnostics,
): void {
  if (format === 'json' && registers !== undefined)
    out.error(
      'SLU0591',
      file.key(['topics', name, 'registers']),
      `values of "${name}" are JSON as it stands, and nothing of it is registered anywhere`,
      'remove it, or write format: json-registry or avro',
    )
  if (format === 'json') return
  const place = file.at(['topics', name, 'format'])
  if (schema === undefined) {
    out.error(
      'SLU0588',
      place,
      `"${name}" has no schema that could be registered`,
      'name its schema, as in schema: events/ml-event, or write format: json',
    )
    return
  }
  // One that is not there, or no Kafka, is said to be wrong where it is named.
  const kafka = Object.hasOwn(connections, connection) ? connections[connection] : undefined
  if (kafka?.kind === 'kafka' && kafka.registry === undefined)
    out.error(
      'SLU0587',
      place,
      `a value in format ${format} names its schema by a number, and connection "${connection}" names no registry`,
      'add registry: { url: "${KAFKA_SCHEMA_REGISTRY_URL:-}" } to the connection, or write format: json',
    )
}

/** Looking at any other queue takes messages away, or counts as a delivery; and letters come from pipelines alone. */
function lettersOnStreams(
  queue: QueuePlan,
  { topics }: Fleet,
  file: YamlFile,
  out: Diagnostics,
): void {
  const { name, deadLetters, type, bindings } = queue
  if (!deadLetters) return
  if (Object.hasOwn(topics, name) && topics[name]?.deadLetters === true)
    out.error(
      'SLU0328',
      file.key(['queues', name]),
      `there is a topic "${name}" that holds dead letters as well`,
      'a pipeline names either: give one of them another name',
    )
  lettersAreBytes('queues', queue, file, out)
  if (type !== 'stream')
    out.error(
      'SLU0540',
      file.key(['queues', name, 'deadLetters']),
      `"${name}" holds dead letters, and is a queue of type ${type}`,
      'write type: stream: people look at dead letters, and looking must not consume them',
    )
  if (bindings.length > 0)
    out.error(
      'SLU0541',
      file.key(['queues', name, 'bindings']),
      `"${name}" holds dead letters, and takes messages from an exchange`,
      'remove the bindings: pipelines send their dead letters to it directly',
    )
}

/** Each message of an exchange fits its schema, and is all that a queue bound to it gets from there. */
function takesWhatIsRouted(
  { name, schema, bindings }: QueuePlan,
  { exchanges }: Fleet,
  file: YamlFile,
  out: Diagnostics,
): void {
  for (const [index, { exchange }] of bindings.entries()) {
    const routed = exchanges[exchange]?.schema
    if (routed === undefined || schema === undefined || routed === schema) continue
    out.error(
      'SLU0522',
      file.at(['queues', name, 'bindings', index]),
      `exchange "${exchange}" routes ${routed}, and queue "${name}" holds ${schema}`,
      'give both the same schema, or bind the queue to another exchange',
    )
  }
}

/** https://www.rabbitmq.com/docs/quorum-queues#feature-matrix and https://www.rabbitmq.com/docs/streams#feature-comparison */
const NOT_OF: Readonly<Record<QueuePlan['type'], readonly string[]>> = {
  quorum: ['retention'],
  classic: ['deliveryLimit', 'retention'],
  stream: ['limit', 'singleActiveConsumer', 'deliveryLimit'],
}
const INSTEAD: Readonly<Record<string, string>> = {
  retention: 'a queue keeps a message until it is consumed; use limit, or type: stream',
  limit: 'a stream forgets by its retention: { time, bytes }',
  deliveryLimit: 'only quorum queues count deliveries; use type: quorum',
  singleActiveConsumer: 'readers of a stream do not share it; use type: quorum',
}

function fieldsOfItsType(queue: QueuePlan, file: YamlFile, out: Diagnostics): void {
  const { name, type, limit, singleActiveConsumer, deliveryLimit, retention } = queue
  const written: Readonly<Record<string, boolean>> = {
    limit: limit !== undefined,
    singleActiveConsumer,
    deliveryLimit: deliveryLimit !== undefined,
    retention: Object.keys(retention).length > 0,
  }
  for (const field of NOT_OF[type] ?? [])
    if (written[field] === true)
      out.error(
        'SLU0511',
        file.key(['queues', name, field]),
        `a queue of type ${type} has no ${field}`,
        INSTEAD[field] ?? '',
      )
}

function limitSaysHowMuch({ name, limit }: QueuePlan, file: YamlFile, out: Diagnostics): void {
  if (limit === undefined || limit.messages !== undefined || limit.bytes !== undefined) return
  out.error(
    'SLU0513',
    file.key(['queues', name, 'limit']),
    'the limit says neither messages nor bytes',
    'add messages: 100000, or bytes: 1GiB',
  )
}
