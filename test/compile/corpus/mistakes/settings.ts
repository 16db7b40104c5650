// Connections, secrets and variables.
import { FLEET, PREDICTIONS, seeded } from '../corpus.ts'

export const settings = seeded('settings', {
  [FLEET]: [
    {
      what: 'a password written down',
      from: 'password: { secret: RABBITMQ_PASSWORD }',
      to: 'password: s3cret',
      hint: /password.*secret/s,
    },
    {
      what: 'a secret as a variable',
      from: 'password: { secret: RABBITMQ_PASSWORD }',
      to: 'password: ${RABBITMQ_PASSWORD}',
      hint: /secret/,
    },
    {
      what: 'a secret with a misspelt key',
      from: 'password: { secret: RABBITMQ_PASSWORD }',
      to: 'password: { secrete: RABBITMQ_PASSWORD }',
      hint: /secret\b/,
    },
    {
      what: 'a variable that never ends',
      from: '${REDIS_HOST:-localhost}',
      to: '${REDIS_HOST:-localhost',
      hint: /\}/,
    },
    {
      what: 'a variable in a variable',
      from: '${REDIS_PORT:-6379}',
      to: '${REDIS_PORT:-${PORT}}',
      hint: /\$\{/,
    },
    {
      what: 'a default with a dash only',
      from: '${RABBITMQ_USER:-guest}',
      to: '${RABBITMQ_USER-guest}',
      hint: /:-/,
    },
    {
      what: 'a default of the wrong type',
      from: '${RABBITMQ_PORT:-5672}',
      to: '${RABBITMQ_PORT:-amqp}',
      hint: /port|number/,
    },
    {
      what: 'a profile that does not exist',
      from: '${SLUICE_PROFILE:-development}',
      to: 'staging',
      hint: /development.*production/s,
    },
    {
      what: 'a broker without its port',
      from: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}'",
      to: "'kafka.internal'",
      hint: /host:port|localhost:9092/,
    },
    {
      what: 'a broker as an address of the web',
      from: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}'",
      to: "'http://kafka.internal:9092'",
      hint: /host and port|host:port/,
    },
    {
      what: 'a host with its credentials',
      from: '${RABBITMQ_HOST:-localhost}',
      to: 'admin:admin@rabbit.internal',
      hint: /host/,
    },
    {
      what: 'a cluster beside the host that it makes useless',
      from: 'port: ${REDIS_PORT:-6379}',
      to: "cluster: 'redis-1:6379,redis-2:6379'",
      line: 'host: ${REDIS_HOST',
      hint: /host.*cluster|cluster.*host/s,
    },
    {
      what: 'nodes of a cluster with blanks between',
      from: 'port: ${REDIS_PORT:-6379}',
      to: "cluster: 'redis-1:6379 redis-2:6379'",
      hint: /host:port/,
    },
    {
      what: 'a variable without quotes between braces of YAML',
      from: 'partitions: 24, retention',
      to: 'partitions: ${PARTITIONS:-24}, retention',
      hint: /quote/,
    },
    { what: 'a prefix with a space', from: '${SLUICE_PREFIX:-}', to: 'my team', hint: /prefix/ },
    {
      what: 'a client that does not exist',
      from: 'client: kafkajs',
      to: 'client: librdkafka',
      hint: 'kafkajs or platformatic',
    },
    {
      what: 'a client that does not exist, where no variable is set',
      from: 'client: kafkajs',
      to: "client: '${KAFKA_CLIENT:-librdkafka}'",
      hint: 'kafkajs or platformatic',
    },
    {
      what: 'a client with its settings',
      from: 'client: kafkajs',
      to: 'client: { name: platformatic }',
      hint: /client.*text|text.*client/s,
    },
    {
      what: 'a wait for brokers without its unit',
      from: 'connect: { within: 45s }',
      to: 'connect: { within: 45 }',
      hint: /within.*ms|within.*30s/s,
    },
  ],
  [PREDICTIONS]: [
    {
      what: 'a variable in a pipeline',
      from: 'concurrency: 256',
      to: 'concurrency: ${CONCURRENCY:-256}',
      hint: /variable|number/,
    },
    {
      what: 'a variable for a topic',
      from: 'topic: ml_events\n',
      to: 'topic: ${TOPIC:-ml_events}\n',
      hint: /variable/,
    },
  ],
})
