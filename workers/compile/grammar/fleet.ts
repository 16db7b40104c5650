// The grammar of pipelines/fleet.yaml.
import {
  duration,
  flag,
  name,
  named,
  object,
  oneOf,
  secret,
  setting,
  size,
  whole,
  type JsonSchema,
} from './parts.ts'

/** Of a file below schemas/: never one outside of it. */
export const SCHEMA_NAME = '^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*$'

/** Least and most of a TCP port. */
export const PORTS = [1, 65_535] as const

const port: JsonSchema = {
  type: ['integer', 'string'],
  description: 'TCP port. May be ${VAR} or ${VAR:-default}.',
  minimum: PORTS[0],
  maximum: PORTS[1],
  pattern: '\\$\\{',
  examples: [5672],
}
const host = setting('Host name.', '^[^\\s/@,]+$', 'localhost')

/** One for each kind of connection; the kind is the one key below the connection's name. */
export const CONNECTIONS: Readonly<Record<string, JsonSchema>> = {
  kafka: object(
    'A Kafka cluster.',
    {
      brokers: setting(
        'host:port, several with commas between.',
        '^[^\\s/@,]+:[0-9]{1,5}( *, *[^\\s/@,]+:[0-9]{1,5})*$',
        'localhost:9092',
      ),
      client: oneOf('The client library.', 'kafkajs'),
    },
    ['brokers'],
  ),
  rabbitmq: object(
    'A RabbitMQ virtual host.',
    {
      host,
      port,
      user: setting('User name.', '^.+$', 'guest'),
      password: secret('The password.'),
      vhost: setting('Virtual host.', '^.+$', '/'),
    },
    ['host'],
  ),
  redis: object('A Redis server.', { host, port, password: secret('The password.') }, ['host']),
}

const path: JsonSchema = {
  type: 'string',
  description: 'Where plain JSON holds it: `data.` and the names of properties.',
  pattern: '^data(\\.(?!(?:constructor|prototype|__proto__)(?:\\.|$))[A-Za-z_][A-Za-z0-9_]*)+$',
  examples: ['data.event_id'],
}

const topic = object(
  'A Kafka topic.',
  {
    in: name('The connection it is on.'),
    partitions: whole('Partitions when it is created.', 1, 10_000),
    schema: schemaName('its values'),
    envelope: object('Identity of plain JSON; CloudEvents headers win.', {
      id: path,
      type: path,
      time: path,
      subject: path,
    }),
    tombstones: oneOf(
      'What a null value is: an invalid message, data, or nothing at all.',
      'invalid',
      'deliver',
      'skip',
    ),
    deadLetters: flag('True: it holds dead letters, bytes of any kind.'),
    maxBytes: size('Largest message the topic takes (max.message.bytes).'),
  },
  ['in'],
)
const queue = object(
  'A RabbitMQ queue, durable.',
  {
    in: name('The connection it is on.'),
    type: oneOf('quorum: replicated and safe. classic: one node.', 'quorum', 'classic'),
    schema: schemaName('its messages'),
  },
  ['in', 'schema'],
)

const cache = object(
  'A cache in Redis.',
  {
    in: name('The connection it is on.'),
    ttl: duration('How long an entry lives.', '1ms', '3650d'),
    as: oneOf('How an entry is stored.', 'string'),
    schema: schemaName('its values'),
    whenDown: oneOf(
      'Redis is away: go on without the cache, or fail the message.',
      'bypass',
      'fail',
    ),
  },
  ['in', 'ttl', 'schema', 'whenDown'],
)

function schemaName(of: string): JsonSchema {
  return {
    type: 'string',
    description: `JSON Schema of ${of}: a file below schemas/, without .json.`,
    maxLength: 200,
    pattern: SCHEMA_NAME,
    examples: ['events/ml-event'],
  }
}

export const FLEET: JsonSchema = object(
  'What the pipelines of a fleet share: connections, topics, queues, caches, workers.',
  {
    fleet: name('Name of the fleet.'),
    profile: setting('development or production.', '^(development|production)$', 'production'),
    prefix: setting(
      'Before every name on a broker; keeps fleets and test runs apart.',
      '^[A-Za-z0-9._-]{0,40}$',
      'staging.',
    ),
    provision: flag('False: create nothing at start. Default true: what is missing is created.'),
    connect: object('Connecting at start.', { within: duration('Give up after (default 30s).') }, [
      'within',
    ]),
    drain: object('Stopping.', { within: duration('Work in flight may take (default 25s).') }, [
      'within',
    ]),
    connections: named('Brokers and stores by name.', {
      type: 'object',
      description: 'One of kafka, rabbitmq and redis.',
    }),
    topics: named('Kafka topics by name.', topic),
    queues: named('RabbitMQ queues by name.', queue),
    caches: named('Caches by name.', cache),
    workers: named(
      'Worker processes by name.',
      object(
        'One kind of worker process.',
        {
          pipelines: {
            type: 'array',
            description: 'Pipelines it runs.',
            items: name('A pipeline.'),
            minItems: 1,
            uniqueItems: true,
          },
          replicas: whole('How many processes.', 1, 1_000),
        },
        ['pipelines'],
      ),
    ),
  },
  ['fleet', 'connections'],
)
