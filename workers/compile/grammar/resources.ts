// The grammar of what lives on the brokers: topics, exchanges, queues, jobs, caches.
import {
  duration,
  flag,
  list,
  name,
  object,
  oneOf,
  otherwise,
  retention,
  section,
  size,
  text,
  whole,
} from './parts.ts'

/** Of a file below schemas/: never one outside of it. */
export const SCHEMA_NAME = '^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*$'

const schemaOf = (what: string, example: string) =>
  text(`JSON Schema of ${what}: a file below schemas/, without .json.`, example, {
    maxLength: 200,
    pattern: SCHEMA_NAME,
  })

const compatibility = oneOf(
  'What `check --against` holds changes of the schema to. backward: new readers take old values. forward: old readers take new values. Not written: topics by who reads and writes them here, queues, exchanges, jobs and stores full, caches backward.',
  'backward',
  'forward',
  'full',
  'none',
)

const on = (example: string) => name('The connection it is on.', example)

const path = (what: string, example: string) =>
  text(`Where plain JSON holds ${what}: \`data.\` and the names of properties.`, example, {
    pattern: '^data(\\.(?!(?:constructor|prototype|__proto__)(?:\\.|$))[A-Za-z_][A-Za-z0-9_]*)+$',
  })

/** Kafka and RabbitMQ count what they keep in 64 bits; JavaScript does so up to here. */
const MUCH = Number.MAX_SAFE_INTEGER

const keep = (of: string) =>
  section(
    object(`How long the broker keeps ${of}; what is not written is as the broker is set up.`, {
      time: retention('The oldest are dropped after that.', '7d'),
      bytes: size('The oldest are dropped above that.', '10GiB', MUCH),
    }),
  )

const envelope = section(
  object('Identity of plain JSON; CloudEvents headers win.', {
    id: path('the id', 'data.event_id'),
    type: path('the type', 'data.event_type'),
    time: path('the time', 'data.timestamp'),
    subject: path('the subject', 'data.model_id'),
  }),
)

export const TOPIC = object(
  'A Kafka topic.',
  {
    in: on('events'),
    partitions: otherwise(1, whole('Partitions: how many workers can share it.', 4, 1, 10_000)),
    replication: whole(
      'Copies of each partition; not written: as the cluster is set up.',
      3,
      1,
      32_767,
    ),
    minInSync: whole(
      'Copies that must have a message before it is confirmed (min.insync.replicas); not written: as the cluster is set up.',
      2,
      1,
      32_767,
    ),
    retention: keep('messages of a partition'),
    cleanup: otherwise(
      'delete',
      oneOf(
        'delete: old messages go. compact: the latest of each key stays. compact-delete: both.',
        'delete',
        'compact',
        'compact-delete',
      ),
    ),
    compression: otherwise(
      'none',
      oneOf(
        'What our producers compress with; readers take all of them.',
        'none',
        'gzip',
        'zstd',
        'snappy',
        'lz4',
      ),
    ),
    schema: schemaOf('its values', 'events/ml-event'),
    format: otherwise(
      'json',
      oneOf(
        "What its values are written in. json: JSON as it stands. json-registry: JSON in Confluent's wire format, with its schema in the registry of the connection. avro: the same in Avro; its schema is the .avsc file beside the JSON Schema.",
        'json',
        'json-registry',
        'avro',
      ),
    ),
    registers: flag(
      'True: this fleet registers versions of its schema, as where its services write the topic and none of its pipelines does. False: others do. Not written: where a pipeline writes it.',
    ),
    compatibility,
    envelope,
    tombstones: otherwise(
      'invalid',
      oneOf(
        'What a null value is: an invalid message, data, or nothing at all.',
        'invalid',
        'deliver',
        'skip',
      ),
    ),
    deadLetters: otherwise(false, flag('True: it holds dead letters, bytes of any kind.')),
    maxBytes: size(
      "Largest message the topic takes (max.message.bytes). Not written: Kafka's own default of 1048588; of a topic that holds dead letters, as much as the largest of the other topics takes, and 64KiB more.",
      '4MiB',
    ),
  },
  ['in'],
)

export const EXCHANGE = object(
  'A RabbitMQ exchange, durable: what is sent to it goes to the queues that are bound to it.',
  {
    in: on('work'),
    type: oneOf(
      'topic: by patterns of routing keys. direct: by equal routing keys. fanout: to all.',
      'topic',
      'direct',
      'fanout',
    ),
    schema: schemaOf('its messages', 'commands/alert'),
    compatibility,
  },
  ['in', 'type', 'schema'],
)

const BINDING = object(
  'One way from an exchange to the queue.',
  {
    exchange: name('The exchange.', 'alerts_by_severity'),
    key: otherwise(
      '',
      text(
        'The routing key; on a topic exchange a pattern, * one word, # any number of words. None on a fanout exchange.',
        'high.#',
        { minLength: 0, maxLength: 255 },
      ),
    ),
  },
  ['exchange'],
)

export const QUEUE = object(
  'A RabbitMQ queue, durable.',
  {
    in: on('work'),
    type: otherwise(
      'quorum',
      oneOf(
        'quorum: replicated and safe. classic: one node. stream: a log, reading does not consume.',
        'quorum',
        'classic',
        'stream',
      ),
    ),
    schema: schemaOf('its messages; required unless it holds dead letters', 'commands/alert'),
    reply: schemaOf(
      'the answers of who reads it; what is sent to it then are requests',
      'values/price',
    ),
    compatibility,
    envelope,
    deadLetters: otherwise(
      false,
      flag('True: it holds dead letters, bytes of any kind; for queues of type stream.'),
    ),
    bindings: otherwise([], list('Exchanges it takes messages from.', BINDING)),
    limit: object('How much it may hold; not written: anything.', {
      messages: whole('Messages at most.', 100_000, 1, MUCH),
      bytes: size('Bytes at most.', '1GiB', MUCH),
      overflow: otherwise(
        'reject',
        oneOf(
          'What happens to one more. reject: the sender is told, and waits. drop-oldest: the oldest is lost.',
          'reject',
          'drop-oldest',
        ),
      ),
    }),
    singleActiveConsumer: otherwise(
      false,
      flag('True: one consumer at a time, the others wait; what keeps the order of the queue.'),
    ),
    deliveryLimit: whole(
      'Deliveries before the broker gives a message up; quorum queues only.',
      20,
      1,
      1_000_000,
    ),
    retention: keep('messages of a stream'),
  },
  ['in'],
)

export const CACHE = object(
  'A cache in Redis.',
  {
    in: on('hot'),
    ttl: duration('How long an entry lives.', '30m', '1ms', '3650d'),
    jitter: otherwise(
      0,
      whole(
        'In percent: an entry lives up to that much shorter, by chance, so that entries that were written together do not expire together.',
        10,
        0,
        90,
      ),
    ),
    as: otherwise(
      'string',
      oneOf(
        'How an entry is stored. string: as JSON. hash: one field for each property, which other programs can read singly.',
        'string',
        'hash',
      ),
    ),
    schema: schemaOf('its values', 'values/prediction'),
    compatibility,
    whenDown: oneOf(
      'Redis is away: go on without the cache, or fail the message as transient.',
      'bypass',
      'fail',
    ),
    staleWhileRevalidate: otherwise(
      '0ms',
      duration(
        'How long beyond its TTL an entry still answers, while it is loaded anew behind the scenes.',
        '5m',
        '0ms',
      ),
    ),
    flight: otherwise(
      'process',
      oneOf(
        'Whose concurrent loads of one key are one. process: those of each process by itself. fleet: those of the whole fleet; one process loads, the others wait for its entry, for as long as the load may take at most, and then load for themselves.',
        'process',
        'fleet',
      ),
    ),
    absent: object(
      'Remember that there is none: a handler that returns null has said so, and the value of the step is null. Not written: null is a defect.',
      { ttl: duration('How long that is remembered.', '30s') },
      ['ttl'],
    ),
  },
  ['in', 'ttl', 'schema', 'whenDown'],
)

export const STORE = object(
  'Values that pipelines write for others to read, in a Redis that evicts nothing and keeps its log (appendonly). A value stands under <prefix><fleet>:<store>:<key>; braces and percent signs of keys are percent-encoded.',
  {
    in: on('hot'),
    ttl: duration('How long a value stays after it was written.', '1h', '1ms', '3650d'),
    sliding: otherwise(
      false,
      flag(
        'True: whoever reads a value through the typed client starts its ttl anew, as for sessions.',
      ),
    ),
    as: otherwise(
      'string',
      oneOf(
        'How a value is written. string: as JSON. hash: one field for each property, as JSON; other fields are removed.',
        'string',
        'hash',
      ),
    ),
    schema: schemaOf('its values', 'values/profile'),
    compatibility,
  },
  ['in', 'ttl', 'schema'],
)

export const JOBS = object(
  'A queue of jobs (BullMQ), in a Redis that evicts nothing and keeps its log (appendonly).',
  {
    in: on('hot'),
    schema: schemaOf('its jobs', 'commands/training'),
    compatibility,
    retention: section(
      object(
        'How long a job is remembered after its end: as long its id is taken, and a repeat is no second job.',
        {
          completed: otherwise('1d', retention('Of a job that was done.', '1d')),
          failed: otherwise('forever', retention('Of a job that was given up.', '30d')),
        },
      ),
    ),
  },
  ['in', 'schema'],
)
