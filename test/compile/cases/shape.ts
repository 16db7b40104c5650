// Fields that are unknown, missing, or hold what cannot stand there.
import type { Case } from './case.ts'

export const SHAPE: readonly Case[] = [
  {
    what: 'an unknown field',
    pipeline: ['order: key', 'order: key\nconcurency: 3'],
    expect: 'billing.yaml:5:1 SLU0201',
    hint: 'concurrency',
  },
  {
    what: 'an unknown field below',
    pipeline: ['jitter: full', 'jitter: full, atempts: 3'],
    expect: 'billing.yaml:19:62 SLU0201',
  },
  {
    what: 'a missing field',
    pipeline: ['order: key\n', ''],
    expect: 'billing.yaml:1:1 SLU0202',
    hint: 'order',
  },
  {
    what: 'a missing field below',
    pipeline: [', jitter: full', ''],
    expect: 'billing.yaml:19:5 SLU0202',
    hint: 'jitter',
  },
  {
    what: 'a text for a number',
    pipeline: ['order: key', 'order: key\nwindow: many'],
    expect: 'billing.yaml:5:9 SLU0203',
  },
  {
    what: 'a number that is none',
    pipeline: ['order: key', 'order: key\nwindow: 1e999'],
    expect: 'billing.yaml:5:9 SLU0203',
  },
  {
    what: 'nothing where a map must be',
    pipeline: ['from: { topic: orders }', 'from:'],
    expect: 'billing.yaml:2:6 SLU0203',
    hint: 'is empty, and must be a map',
  },
  {
    what: 'a number for a step',
    pipeline: ['  - id: announce\n', '  - 5\n  - id: announce\n'],
    expect: 'billing.yaml:14:5 SLU0203',
  },
  {
    what: 'a variable in a pipeline',
    pipeline: ['order: key', 'order: key\nwindow: ${WINDOW}'],
    expect: 'billing.yaml:5:9 SLU0203',
    hint: 'variables stand in connections',
  },
  {
    what: 'an empty expression',
    pipeline: ['when: event.data.total > 0', "when: ''"],
    expect: 'billing.yaml:3:7 SLU0207',
    hint: '"when" is empty',
  },
  {
    what: 'no steps',
    fleet: ['{ pipelines: [billing] }', '{ pipelines: [] }'],
    expect: 'fleet.yaml:15:21 SLU0207',
  },
  {
    what: 'a worker with a pipeline twice',
    fleet: ['{ pipelines: [billing] }', '{ pipelines: [billing, billing] }'],
    expect: 'fleet.yaml:15:21 SLU0207',
  },
  {
    what: 'a word that is not allowed',
    pipeline: ['order: key', 'order: keys'],
    expect: 'billing.yaml:4:8 SLU0204',
    hint: '"key"',
  },
  {
    what: 'a negative number',
    pipeline: ['order: key', 'order: key\nconcurrency: -1'],
    expect: 'billing.yaml:5:14 SLU0205',
  },
  {
    what: 'no attempts',
    pipeline: ['attempts: 3', 'attempts: 0'],
    expect: 'billing.yaml:19:24 SLU0205',
  },
  {
    what: 'a duration with a blank',
    pipeline: ['first: 1s', 'first: 1 s'],
    expect: 'billing.yaml:19:34 SLU0206',
  },
  {
    what: 'a duration without a unit',
    pipeline: ['first: 1s', "first: '5'"],
    expect: 'billing.yaml:19:34 SLU0206',
  },
  {
    what: 'a number for a topic that others name',
    fleet: ['{ in: events, deadLetters: true, maxBytes: 2MiB }', '5'],
    expect: 'fleet.yaml:9:15 SLU0203',
  },
  {
    what: 'a duration of many years',
    fleet: ['ttl: 5m', 'ttl: 999999999d'],
    expect: 'fleet.yaml:13:27 SLU0205',
    hint: '3650d',
  },
  {
    what: 'a timer that Node cannot keep',
    pipeline: ['max: 10s', 'max: 25d'],
    expect: 'billing.yaml:19:43 SLU0205',
    hint: '24d',
  },
  {
    what: 'a handler without time',
    pipeline: ['input: event.data }', 'input: event.data, timeout: 0s }'],
    expect: 'billing.yaml:10:56 SLU0205',
  },
  {
    what: 'more bytes than Kafka counts',
    fleet: ['maxBytes: 2MiB', 'maxBytes: 4GiB'],
    expect: 'fleet.yaml:9:58 SLU0205',
  },
  {
    what: 'a name with a path in it',
    fleet: ['  orders.dlq:', '  ../x: { in: events }\n  orders.dlq:'],
    expect: 'fleet.yaml:9:3 SLU0206',
  },
  {
    what: 'a name of letters that only look right',
    fleet: ['  orders.dlq:', '  оrders: { in: events }\n  orders.dlq:'],
    expect: 'fleet.yaml:9:3 SLU0206',
  },
  {
    what: 'a name of 300 characters',
    fleet: ['fleet: shop', `fleet: ${'x'.repeat(300)}`],
    expect: 'fleet.yaml:1:8 SLU0206',
  },
  {
    what: 'a handler somewhere else',
    pipeline: ['call: quote', 'call: ../../quote'],
    expect: 'billing.yaml:10:21 SLU0206',
  },
  {
    what: 'a schema somewhere else',
    fleet: [
      'billed: { in: events, schema: events/order',
      'billed: { in: events, schema: ../../etc/passwd',
    ],
    expect: 'fleet.yaml:8:33 SLU0206',
  },
  {
    what: 'an envelope that leads out of the data',
    fleet: [
      'orders: { in: events,',
      'orders: { in: events, envelope: { id: data.constructor.name },',
    ],
    expect: 'fleet.yaml:7:41 SLU0206',
  },
  {
    what: 'a broker without a port',
    fleet: ["'localhost:9092'", 'localhost'],
    expect: 'fleet.yaml:3:31 SLU0206',
    hint: 'localhost:9092',
  },
  {
    what: 'a profile that does not exist',
    fleet: ['fleet: shop', 'fleet: shop\nprofile: staging'],
    expect: 'fleet.yaml:2:10 SLU0206',
    hint: 'development or production',
  },
  {
    what: 'an entry whose name is a number',
    fleet: ['  orders.dlq:', '  1: { in: event }\n  orders.dlq:'],
    expect: 'fleet.yaml:9:12 SLU0301',
  },
  { what: 'a ttl of nothing', fleet: ['ttl: 5m', 'ttl: 0s'], expect: 'fleet.yaml:13:27 SLU0205' },
  {
    what: 'an unknown kind of connection',
    fleet: ['{ redis: {', '{ reddis: {'],
    expect: 'fleet.yaml:5:10 SLU0208',
    hint: 'redis',
  },
  {
    what: 'a kind that every object has',
    fleet: ['{ redis: {', '{ toString: {'],
    expect: 'fleet.yaml:5:10 SLU0208',
  },
  {
    what: 'a connection of two kinds',
    fleet: ['{ redis: { host: localhost } }', '{ redis: { host: h }, kafka: { brokers: h } }'],
    expect: 'fleet.yaml:5:30 SLU0208',
  },
  {
    what: 'a connection of no kind',
    fleet: ['hot: { redis: { host: localhost } }', 'hot: {}'],
    expect: 'fleet.yaml:5:3 SLU0208',
  },
  {
    what: 'a Redis of neither way',
    fleet: ['redis: { host: localhost }', 'redis: { port: 6379 }'],
    expect: 'fleet.yaml:5:3 SLU0577',
    hint: 'REDIS_CLUSTER_NODES',
  },
  {
    what: 'a host beside a cluster',
    fleet: ['redis: { host: localhost }', "redis: { host: h, cluster: 'a:1,b:2' }"],
    expect: 'fleet.yaml:5:19 SLU0578',
  },
  {
    what: 'a cluster that may be empty, without a host',
    fleet: ['redis: { host: localhost }', "redis: { cluster: '${NODES:-}' }"],
    expect: 'fleet.yaml:5:28 SLU0579',
  },
  {
    what: 'a node that is named twice',
    fleet: ['redis: { host: localhost }', "redis: { cluster: 'a:1, b:2,a:1' }"],
    expect: 'fleet.yaml:5:28 SLU0223',
  },
  {
    what: 'a node without its port',
    fleet: ['redis: { host: localhost }', "redis: { cluster: 'a:1,b' }"],
    expect: 'fleet.yaml:5:28 SLU0206',
    hint: 'host:port',
  },
  {
    what: 'a node with a port that is none',
    fleet: ['redis: { host: localhost }', "redis: { cluster: 'a:65536' }"],
    expect: 'fleet.yaml:5:28 SLU0206',
  },
  {
    what: 'a secret as a setting',
    fleet: ['{ secret: RABBITMQ_PASSWORD }', "'${RABBITMQ_PASSWORD}'"],
    expect: 'fleet.yaml:4:50 SLU0209',
    hint: '{ secret: RABBITMQ_PASSWORD }',
  },
  {
    what: 'a secret that is a number',
    fleet: ['{ secret: RABBITMQ_PASSWORD }', '12345'],
    expect: 'fleet.yaml:4:50 SLU0209',
  },
  {
    what: 'credentials in a default',
    fleet: ["'localhost:9092'", "'${KAFKA:-u:p@h:9092}'"],
    expect: 'fleet.yaml:3:31 SLU0209',
  },
  {
    what: 'a literal secret',
    fleet: ['{ secret: RABBITMQ_PASSWORD }', 'hunter2'],
    expect: 'fleet.yaml:4:50 SLU0209',
    hint: 'secret:',
  },
  {
    what: 'a URL with credentials',
    fleet: ['redis: { host: localhost }', "redis: { host: 'redis://u:p@h' }"],
    expect: 'fleet.yaml:5:25 SLU0209',
  },
  {
    what: 'a variable that is none',
    fleet: ["'localhost:9092'", "'${KAFKA'"],
    expect: 'fleet.yaml:3:31 SLU0210',
  },
  {
    what: 'a variable where none may stand',
    fleet: ['fleet: shop', "fleet: '${X:-shop}'"],
    expect: 'fleet.yaml:1:8 SLU0206',
  },
  {
    what: 'a step with two verbs',
    pipeline: [
      '  - id: announce\n',
      '  - id: announce\n    call: { handler: quote, input: event }\n',
    ],
    expect: 'billing.yaml:16:5 SLU0211',
  },
]
