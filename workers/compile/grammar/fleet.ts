// The grammar of pipelines/fleet.yaml.
import { CONNECTIONS } from './connections.ts'
import {
  duration,
  exactlyOne,
  flag,
  list,
  name,
  named,
  object,
  otherwise,
  section,
  setting,
  whole,
  type JsonSchema,
  type Schema,
} from './parts.ts'
import { BREAKER, RETRY } from './failure.ts'
import { ALERTING, HEALTH, OPS } from './operations.ts'
import { CACHE, EXCHANGE, JOBS, QUEUE, STORE, TOPIC } from './resources.ts'

export const WORKER = object(
  'One kind of worker process.',
  {
    pipelines: list('Pipelines it runs.', name('A pipeline.', 'predictions'), {
      minItems: 1,
      uniqueItems: true,
    }),
    replicas: otherwise(1, whole('How many processes.', 2, 1, 1_000)),
  },
  ['pipelines'],
)

const POLICIES = section(
  object('Policies with a name, for pipelines to share.', {
    retry: section(named('Retry policies by name.', RETRY)),
    breakers: section(named('Breakers by name.', BREAKER)),
  }),
)

/** A variable has to keep to the same as what is written out. */
export const PROFILE = {
  pattern: '^(development|production)$',
  words: 'development or production',
}
export const PREFIX = {
  pattern: '^[A-Za-z0-9._-]{0,40}$',
  words: 'at most 40 letters, digits, ".", "_" and "-"',
}

export const AUDIT = exactlyOne(
  ['topic', 'file'],
  object('Takes one JSON line for each thing that somebody does to a dead letter.', {
    topic: name('A topic of its own, without a schema.', 'audit'),
    file: setting(
      'A file, from the folder of the project; lines are appended.',
      '.',
      'audit.jsonl',
    ),
  }),
)

const fleetWith = (connection: Schema) =>
  object(
    'What the pipelines of a fleet share: connections, topics, queues, jobs, stores, caches, policies, workers.',
    {
      fleet: name('Name of the fleet.', 'ml-platform'),
      profile: otherwise(
        'development',
        setting('development or production.', PROFILE.pattern, 'production'),
      ),
      prefix: otherwise(
        '',
        setting(
          'Before every name on a broker; keeps fleets and test runs apart.',
          PREFIX.pattern,
          'staging.',
        ),
      ),
      provision: otherwise(
        true,
        flag('False: create nothing at start. True: what is missing is created.', false),
      ),
      connect: section(
        object('Connecting at start.', {
          within: otherwise('30s', duration('Give up after that.', '30s')),
        }),
      ),
      drain: section(
        object('Stopping.', {
          within: otherwise('25s', duration('Work in flight may take that long.', '25s')),
        }),
      ),
      connections: named('Brokers and stores by name.', connection),
      state: object(
        'The one home of what outlives a process: records of what is done, markers, status. Its Redis must evict nothing (maxmemory-policy noeviction) and keep what it has (appendonly yes); that is asked at start.',
        { in: name('The connection, a Redis.', 'hot') },
        ['in'],
      ),
      topics: section(named('Kafka topics by name.', TOPIC)),
      exchanges: section(named('RabbitMQ exchanges by name.', EXCHANGE)),
      queues: section(named('RabbitMQ queues by name.', QUEUE)),
      jobs: section(named('Queues of jobs by name.', JOBS)),
      stores: section(named('Stores by name.', STORE)),
      caches: section(named('Caches by name.', CACHE)),
      policies: POLICIES,
      audit: AUDIT,
      health: HEALTH,
      alerting: ALERTING,
      ops: OPS,
      workers: section(named('Worker processes by name.', WORKER)),
    },
    ['fleet', 'connections'],
  )

/** For ajv: connections are checked one by one, by their kind, so that a slip gives one message. */
export const FLEET = fleetWith({
  type: 'object',
  description: 'One of kafka, rabbitmq and redis.',
})

/** For editors and the reference: the same with the connections spelt out. */
export const FLEET_SPELT_OUT: JsonSchema = fleetWith({
  description: 'One of kafka, rabbitmq and redis.',
  oneOf: Object.entries(CONNECTIONS).map(([kind, schema]) =>
    object(`A ${kind} connection.`, { [kind]: schema }, [kind]),
  ),
})
