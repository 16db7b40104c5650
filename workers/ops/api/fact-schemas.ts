// What brokers say of themselves, as JSON Schema: the facts of core/facts.ts.
import { flag, list, number, object, orNull, text } from './schema-parts.ts'

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

export const REDIS = object(
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

export const RABBITMQ = object(
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

export const KAFKA = object(
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
