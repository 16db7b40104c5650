// The grammar of connections: the kind is the one key below the connection's name.
import { name, object, otherwise, secret, setting, type Schema } from './parts.ts'

/** Least and most of a TCP port. */
export const PORTS = [1, 65_535] as const

const port = (usual: number): Schema<number | string> => ({
  type: ['integer', 'string'],
  description: 'TCP port. May be ${VAR} or ${VAR:-default}.',
  minimum: PORTS[0],
  maximum: PORTS[1],
  pattern: '\\$\\{',
  examples: [usual],
})
/** A variable has to keep to the same as what is written out. */
export const HOST = { pattern: '^[^\\s/@,]+$', words: 'a host name' }
export const BROKERS = {
  pattern: '^[^\\s/@,]+:[0-9]{1,5}( *, *[^\\s/@,]+:[0-9]{1,5})*$',
  words: 'host:port, several with commas between',
}

/** Empty: there is none. Credentials have fields of their own. */
export const REGISTRY_URL = {
  pattern: '^(https?://[^\\s@?#]+)?$',
  words: 'http://host:port or https://host, without credentials',
}
const PORT_PATTERN =
  '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'
const NODE_PATTERN = `[^\\s/@,]+:${PORT_PATTERN}`
const NODES_PATTERN = `${NODE_PATTERN}( *, *${NODE_PATTERN})*`
/** Of a variable: an empty list is no cluster. */
export const NODES = {
  pattern: `^(${NODES_PATTERN})?$`,
  words: 'host:port, several with commas between, or nothing',
}

export const CLIENT = { pattern: '^(kafkajs|platformatic)$', words: 'kafkajs or platformatic' }
export const SECURITY = {
  pattern: '^PLAINTEXT$',
  words: 'PLAINTEXT: neither TLS nor SASL is spoken to Kafka yet',
}

const host = setting('Host name.', HOST.pattern, 'localhost')

const breaker = name(
  'A breaker that whatever steps send or ask here goes through; dead letters and commits do not.',
  'slow_store',
)

export const CONNECTIONS = {
  kafka: object(
    'A Kafka cluster.',
    {
      brokers: setting(
        'host:port, several with commas between.',
        BROKERS.pattern,
        'localhost:9092',
      ),
      security: otherwise(
        'PLAINTEXT',
        setting('PLAINTEXT; nothing else is spoken yet.', SECURITY.pattern, 'PLAINTEXT'),
      ),
      client: otherwise(
        'kafkajs',
        setting(
          'The client library: kafkajs or platformatic. Members on both share a group.',
          CLIENT.pattern,
          'platformatic',
        ),
      ),
      registry: object(
        "A schema registry with Confluent's API, for topics whose format is not json.",
        {
          url: setting(
            'http:// or https://, with the path of its API if it has one; empty: there is none.',
            REGISTRY_URL.pattern,
            '${KAFKA_SCHEMA_REGISTRY_URL:-}',
          ),
          user: setting('User name, for basic authentication.', '^.+$', 'sluice'),
          password: secret('The password.', 'KAFKA_SCHEMA_REGISTRY_PASSWORD'),
        },
        ['url'],
      ),
      breaker,
    },
    ['brokers'],
  ),
  rabbitmq: object(
    'A RabbitMQ virtual host.',
    {
      host,
      port: otherwise(5672, port(5672)),
      user: otherwise('guest', setting('User name.', '^.+$', 'guest')),
      password: secret('The password.', 'RABBITMQ_PASSWORD'),
      vhost: otherwise('/', setting('Virtual host.', '^.+$', '/')),
      management: object(
        'The HTTP API of the management plugin: `plan` compares existing queues and exchanges by it.',
        {
          port: otherwise(15_672, port(15_672)),
        },
      ),
      breaker,
    },
    ['host'],
  ),
  redis: object('A Redis server, or a Redis Cluster.', {
    host,
    port: otherwise(6379, port(6379)),
    cluster: setting(
      'Nodes of a Redis Cluster, host:port with commas between; one that answers leads to all others. Where it is not empty, host and port are not used.',
      `^${NODES_PATTERN}$`,
      'redis-1:6379,redis-2:6379,redis-3:6379',
    ),
    password: secret('The password.', 'REDIS_PASSWORD'),
    breaker,
  }),
}
