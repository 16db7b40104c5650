// What the operations API answers with, as JSON Schema; tests hold every answer against it.
import type { Component } from '../health/health.ts'

type Schema = Readonly<Record<string, unknown>>

const text = (description: string): Schema => ({ type: 'string', description })
const number = (description: string): Schema => ({ type: 'number', description })
const flag = (description: string): Schema => ({ type: 'boolean', description })
const list = (items: Schema, description: string): Schema => ({ type: 'array', items, description })
const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'] })
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
/** All fields are there, but those named as optional. */
const object = (
  properties: Readonly<Record<string, Schema>>,
  description: string,
  optional: readonly string[] = [],
): Schema => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})
const named = (each: Schema, description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: each,
})

const STATUS: Schema = {
  type: 'string',
  enum: ['pass', 'warn', 'fail'],
  description: 'The worst of what it is made of.',
}

const bytes = (what: string) => number(`Bytes ${what}.`)

/** Of a server, or of the masters of a cluster together. */
const REDIS_SERVER = {
  uptimeSeconds: number('Since the server started.'),
  clients: number('Connections.'),
  memory: object(
    {
      usedBytes: bytes('in use'),
      limitBytes: orNull(bytes('that may be used; null: no limit')),
      policy: text('Its eviction policy.'),
    },
    'Memory.',
  ),
  persistence: object(
    {
      appendOnly: flag('Every write is on disk, or soon will be.'),
      lastWriteOk: flag('The last write to disk went well.'),
      loading: flag('It loads its data.'),
    },
    'What is on disk.',
  ),
  cluster: object(
    {
      enabled: flag('It is a node of a cluster.'),
      role: text('Its role.'),
      replicas: number('Servers that follow it.'),
    },
    'Its place among others.',
  ),
  keyspace: object(
    {
      hits: number('Of all keys, since it started.'),
      misses: number('Of all keys, since it started.'),
      evicted: number('Keys, since it started.'),
    },
    'Keys.',
  ),
}

const REDIS_NODE = object(
  {
    address: text('host:port, as the cluster tells it.'),
    role: { type: 'string', enum: ['master', 'replica'], description: 'Its role.' },
    state: {
      type: 'string',
      enum: ['up', 'suspected', 'down'],
      description: 'As the others see it.',
    },
    slots: number('That it holds.'),
    server: orNull(object(REDIS_SERVER, 'What it says; null: a replica, or no answer.')),
  },
  'A node.',
)

const REDIS = object(
  {
    ...REDIS_SERVER,
    shards: orNull(
      object(
        {
          ok: flag('It takes commands.'),
          slotsServed: number('Of 16384.'),
          nodes: list(REDIS_NODE, 'Its nodes.'),
          strangers: list(text('host:port'), 'Named by the connection, and no node of it.'),
        },
        'The cluster; null: the connection leads to one server.',
      ),
    ),
    jobs: list(
      object(
        {
          name: text('Its name in fleet.yaml.'),
          address: text('Its name on the broker.'),
          waiting: number('Jobs that may be taken.'),
          active: number('Jobs with a worker.'),
          delayed: number('Jobs whose time has not come.'),
          failed: number('Jobs that failed for good.'),
        },
        'A queue of jobs.',
      ),
      'Queues of jobs.',
    ),
  },
  'What Redis says of itself.',
)

const node = object(
  {
    name: text('Its name.'),
    running: flag('It runs.'),
    alarms: list(text('memory or disk'), 'Why it takes no messages.'),
    partitions: list(text('A node.'), 'Nodes that it does not see.'),
    memory: object(
      { usedBytes: bytes('in use'), limitBytes: bytes('of its watermark') },
      'Memory.',
    ),
    disk: object({ freeBytes: bytes('free'), limitBytes: bytes('that must be free') }, 'Disk.'),
  },
  'A node.',
)

const RABBITMQ = object(
  {
    cluster: object(
      {
        name: orNull(text('Its name.')),
        nodes: orNull(list(node, 'Null: nobody could be asked.')),
      },
      'The cluster.',
    ),
    connections: orNull(number('To the virtual host; null: nobody could be asked.')),
    queues: list(
      object(
        {
          name: text('Its name in fleet.yaml.'),
          address: text('Its name on the broker.'),
          there: flag('It exists.'),
          ready: number('Messages that wait for a consumer.'),
          unacknowledged: orNull(number('Messages with a consumer; null: nobody could be asked.')),
          consumers: number('Consumers.'),
          rates: orNull(
            object(
              { in: number('That came.'), out: number('That consumers were given.') },
              'Messages a second; null: nobody counts them.',
            ),
          ),
        },
        'A queue.',
      ),
      'Queues of the fleet.',
    ),
    missingExchanges: list(text('A name on the broker.'), 'Exchanges that are not there.'),
    permissions: orNull(
      object(
        {
          configure: text('Names that the user may create.'),
          write: text('Names that it may write to.'),
          read: text('Names that it may read from.'),
        },
        'Regular expressions; null: nobody could be asked.',
      ),
    ),
    unasked: object(
      {
        code: text('A code of the reference.'),
        message: text('What happened.'),
        fix: text('What to do.'),
      },
      'Why the management API could not be asked.',
    ),
  },
  'What RabbitMQ says of itself.',
  ['unasked'],
)

const KAFKA = object(
  {
    cluster: object(
      {
        id: orNull(text('Its id.')),
        controller: orNull(number('The id of a broker.')),
        brokers: list(
          object({ id: number('Its id.'), address: text('host:port') }, 'A broker.'),
          'Brokers that are up.',
        ),
      },
      'The cluster.',
    ),
    topics: list(
      object(
        {
          name: text('Its name in fleet.yaml.'),
          address: text('Its name on the broker.'),
          partitions: number('How many; 0: there is no such topic.'),
          leaderless: list(number('A partition.'), 'Nobody can read or write them.'),
          underReplicated: list(number('A partition.'), 'Fewer copies than there should be.'),
        },
        'A topic.',
      ),
      'Topics of the fleet.',
    ),
    groups: list(
      object(
        {
          name: text('Its name in fleet.yaml.'),
          address: text('Its name on the broker.'),
          topic: text('What it reads.'),
          state: text('As Kafka says.'),
          members: number('How many.'),
          partitions: list(
            object(
              {
                partition: number('Its number.'),
                committed: orNull(number('The next offset to read; null: none was committed.')),
                end: number('The offset behind the last message.'),
                lag: number('Messages between the two.'),
              },
              'A partition.',
            ),
            'Partitions.',
          ),
          lag: number('Of all partitions.'),
        },
        'A group.',
      ),
      'Groups of the fleet.',
    ),
    registry: orNull(
      object(
        {
          latencyMs: number('Of one question.'),
          schemas: list(
            object(
              {
                topic: text('Its name in fleet.yaml.'),
                subject: text('What its schema stands under.'),
                registered: flag('It is one of the versions.'),
              },
              'A schema of the fleet.',
            ),
            'Schemas of topics whose format is not json.',
          ),
        },
        'The schema registry beside it; null: there is none, or it does not answer.',
      ),
    ),
  },
  'What Kafka says of itself.',
)

const CHECK = object(
  {
    name: text('What was looked at.'),
    status: STATUS,
    detail: text('What was found.'),
    code: text('A code of the reference, of what is wrong.'),
    next: text('What to do about it.'),
  },
  'One thing that was looked at.',
  ['code', 'next'],
)

const checks = list(ref('Check'), 'What was looked at.')

const connection = (component: Component, facts: Schema) =>
  object(
    {
      status: STATUS,
      where: text('Where it is written.'),
      target: text('Which broker, or what stands in for it.'),
      driver: { type: 'string', enum: ['embedded', component], description: 'What it is.' },
      latencyMs: orNull(number('One round trip; null: there was no answer.')),
      version: orNull(text('Null: it does not tell.')),
      checks,
      facts: orNull(facts),
    },
    'A connection of fleet.yaml.',
  )

const component = (name: Component, facts: Schema) =>
  object(
    {
      status: STATUS,
      component: { type: 'string', const: name, description: 'Which.' },
      connections: named(connection(name, facts), 'By their names in fleet.yaml.'),
    },
    'A component of the fleet.',
  )

const WORKERS = object(
  {
    status: STATUS,
    declared: number('Processes that fleet.yaml asks for.'),
    ready: number('Processes that are ready.'),
    byName: named(
      object(
        { declared: number('Processes that fleet.yaml asks for.'), ready: number('Ready ones.') },
        'One of them.',
      ),
      'The same for each of `workers` in fleet.yaml.',
    ),
    caches: named(
      object({ asked: number('Questions.'), hits: number('Answers.') }, 'A cache.'),
      'Of each cache, within the latest quarter of an hour.',
    ),
    checks,
    processes: list(
      { type: 'object', description: 'As `sluice top --format json` has it.' },
      'What each says of itself.',
    ),
  },
  'Worker processes.',
)

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Check: CHECK,
  RedisHealth: component('redis', REDIS),
  RabbitMQHealth: component('rabbitmq', RABBITMQ),
  KafkaHealth: component('kafka', KAFKA),
  OverallHealth: object(
    {
      version: { type: 'integer', const: 1, description: 'Of this form.' },
      status: STATUS,
      fleet: text('Its name.'),
      profile: text('development or production.'),
      at: { ...text('When it was asked.'), format: 'date-time' },
      components: object(
        {
          redis: ref('RedisHealth'),
          rabbitmq: ref('RabbitMQHealth'),
          kafka: ref('KafkaHealth'),
        },
        'Those that fleet.yaml connects to.',
        ['redis', 'rabbitmq', 'kafka'],
      ),
      workers: orNull(WORKERS),
    },
    'The whole fleet.',
  ),
  Metrics: object(
    {
      version: { type: 'integer', const: 1, description: 'Of this form.' },
      metrics: list(
        object(
          {
            name: text('As in Prometheus’ text.'),
            help: text('What it counts.'),
            kind: { type: 'string', enum: ['counter', 'gauge'], description: 'What it is.' },
            points: list(
              object(
                {
                  labels: named(text('A value.'), 'By their names.'),
                  value: number('The number.'),
                },
                'A point.',
              ),
              'Points.',
            ),
          },
          'A metric.',
        ),
        'All of them.',
      ),
    },
    'Metrics.',
  ),
  Probe: object(
    {
      status: STATUS,
      checks: named(
        object({ status: STATUS, detail: text('What was found.') }, 'One thing.'),
        'By their names.',
      ),
    },
    'A probe.',
  ),
  Document: { type: 'object', description: 'OpenAPI 3.1.' },
  Problem: object(
    {
      type: text('urn:sluice:problem:<code>'),
      title: text('The words of its status.'),
      status: { type: 'integer', description: 'That of the answer.' },
      code: text('A code of the reference.'),
      detail: text('What is wrong.'),
      next: text('What to do about it.'),
    },
    'A problem, as RFC 9457 has it.',
  ),
}
