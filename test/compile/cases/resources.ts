// Mistakes in what lives on the brokers, and in how pipelines use it.
import { edited } from '../project.ts'
import type { Case } from './case.ts'

const QUEUE = '  alerts: { in: work, schema: events/order }'
const TOPIC = '  billed: { in: events, schema: events/order }'
const CACHE = 'ttl: 5m, schema: events/order'
const EXCHANGES = (type: string, more = '') =>
  `exchanges:\n  routed: { in: work, type: ${type}, schema: events/order }\n${more}queues:`

/** A pipeline without a promise of order. */
const parking = (park: string) => ({
  'pipelines/billing.yaml': edited(
    'jitter: full }',
    `jitter: full, ${park} }`,
    edited('order: key', 'order: none'),
  ),
})

export const RESOURCES: readonly Case[] = [
  {
    what: 'a broker that fails before it warns',
    fleet: ['queues:', 'health: { latency: { warn: 500ms, fail: 100ms } }\nqueues:'],
    expect: 'fleet.yaml:10:20 SLU0220',
    hint: 'let warn be below fail',
  },
  {
    what: 'an exchange of no kind',
    fleet: ['queues:', EXCHANGES('fanuot')],
    expect: 'fleet.yaml:11:29 SLU0204',
    hint: '"fanout"',
  },
  {
    what: 'a queue and an exchange of one name',
    fleet: [
      'queues:',
      EXCHANGES('fanout', '  alerts: { in: work, type: direct, schema: events/order }\n'),
    ],
    expect: 'fleet.yaml:12:3 SLU0317',
  },
  {
    what: 'a binding to no exchange',
    fleet: [QUEUE, '  alerts: { in: work, schema: events/order, bindings: [{ exchange: routd }] }'],
    expect: 'fleet.yaml:11:68 SLU0318',
  },
  {
    what: 'a binding with a key that a fanout exchange does not look at',
    fleet: [
      `queues:\n${QUEUE}`,
      `${EXCHANGES('fanout')}\n  alerts: { in: work, schema: events/order, bindings: [{ exchange: routed, key: high }] }`,
    ],
    expect: 'fleet.yaml:13:81 SLU0508',
  },
  {
    what: 'a binding to an exchange of other messages',
    fleet: [
      `queues:\n${QUEUE}`,
      `${EXCHANGES('fanout')}\n  alerts: { in: work, schema: events/other, bindings: [{ exchange: routed }] }`,
    ],
    files: { 'schemas/events/other.json': '{ "type": "object" }' },
    expect: 'fleet.yaml:13:56 SLU0522',
    hint: 'same schema',
  },
  {
    what: 'a binding without the key that its exchange looks at',
    fleet: [
      `queues:\n${QUEUE}`,
      `${EXCHANGES('topic')}\n  alerts: { in: work, schema: events/order, bindings: [{ exchange: routed }] }`,
    ],
    expect: 'fleet.yaml:13:56 SLU0508',
    hint: "key: '#'",
  },
  {
    what: 'a routing key for a queue',
    pipeline: ['{ to: alerts, body:', '{ to: alerts, key: "\'a\'", body:'],
    expect: 'billing.yaml:13:28 SLU0508',
    hint: 'a queue',
  },
  {
    what: 'a policy and a retry',
    pipeline: [
      '    deadLetter: orders.dlq\n  defect',
      '    policy: x\n    deadLetter: orders.dlq\n  defect',
    ],
    expect: 'billing.yaml:20:5 SLU0212',
  },
  {
    what: 'neither a policy nor a retry',
    pipeline: ['    retry: { attempts: 3, first: 1s, max: 10s, jitter: full }\n', ''],
    expect: 'billing.yaml:18:3 SLU0212',
  },
  {
    what: 'an unknown policy',
    pipeline: [
      '    retry: { attempts: 3, first: 1s, max: 10s, jitter: full }',
      '    policy: patient',
    ],
    expect: 'billing.yaml:19:13 SLU0319',
  },
  {
    what: 'an unknown breaker',
    pipeline: ['input: event.data }', 'input: event.data, breaker: quotes }'],
    expect: 'billing.yaml:10:56 SLU0213',
  },
  {
    what: 'a breaker that must see more than its window',
    fleet: [
      'workers:',
      'policies: { breakers: { b: { window: 5, minimum: 9, failureRate: 1, open: 1s } } }\nworkers:',
    ],
    expect: 'fleet.yaml:14:50 SLU0551',
  },
  {
    what: 'parking where the order of keys is promised',
    pipeline: ['jitter: full }', 'jitter: full, park: { after: 1, tiers: [1m] } }'],
    expect: 'billing.yaml:19:68 SLU0550',
  },
  {
    what: 'parking of firings',
    files: {
      'pipelines/billing.yaml': edited(
        '{ topic: orders }',
        '{ schedule: { every: 1m }, in: hot }',
        parking('park: { after: 1, tiers: [1m] }')['pipelines/billing.yaml'],
      ),
    },
    expect: 'billing.yaml:19:68 SLU0550',
  },
  {
    what: 'parking of questions',
    files: {
      'pipelines/billing.yaml': edited(
        'jitter: full }',
        'jitter: full, park: { after: 1, tiers: [1m] } }',
        edited(
          '{ topic: orders }\nwhen: event.data.total > 0\norder: key',
          "{ queue: alerts }\norder: none\nreply: '{ total: 1 }'",
        ),
      ),
    },
    fleet: ['alerts: { in: work,', 'alerts: { in: work, reply: events/order,'],
    expect: 'billing.yaml:19:68 SLU0557',
  },
  {
    what: 'a queue with the name of a tier',
    files: {
      'pipelines/billing.yaml': edited(
        '{ topic: orders }',
        '{ queue: alerts }',
        parking('park: { after: 1, tiers: [1m] }')['pipelines/billing.yaml'],
      ),
    },
    fleet: ['queues:', 'queues:\n  billing.retry: { in: work, schema: events/order }'],
    expect: 'billing.yaml:19:68 SLU0554',
  },
  {
    what: 'parking after the last attempt',
    files: parking('park: { after: 3, tiers: [1m] }'),
    expect: 'billing.yaml:19:77 SLU0552',
  },
  {
    what: 'parked waits that shrink',
    files: parking('park: { after: 1, tiers: [1h, 1m] }'),
    expect: 'billing.yaml:19:92 SLU0553',
  },
  {
    what: 'a topic with the name of a tier',
    files: parking('park: { after: 1, tiers: [1m] }'),
    fleet: ['queues:', '  billing_retry_1m: { in: events, schema: events/order }\nqueues:'],
    expect: 'billing.yaml:19:68 SLU0554',
  },
  {
    what: 'more copies in sync than there are',
    fleet: [TOPIC, `${TOPIC.slice(0, -2)}, replication: 1, minInSync: 2 }`],
    expect: 'fleet.yaml:8:74 SLU0509',
  },
  {
    what: 'dead letters that are compacted',
    fleet: ['deadLetters: true,', 'deadLetters: true, cleanup: compact,'],
    expect: 'fleet.yaml:9:57 SLU0510',
  },
  {
    what: 'a retention that is no duration',
    fleet: [TOPIC, `${TOPIC.slice(0, -2)}, retention: { time: 7days } }`],
    expect: 'fleet.yaml:8:66 SLU0206',
    hint: 'forever',
  },
  {
    what: 'a delivery limit on a classic queue',
    fleet: [QUEUE, '  alerts: { in: work, schema: events/order, type: classic, deliveryLimit: 5 }'],
    expect: 'fleet.yaml:11:60 SLU0511',
    hint: 'quorum',
  },
  {
    what: 'a retention on a quorum queue',
    fleet: [QUEUE, '  alerts: { in: work, schema: events/order, retention: { time: 1d } }'],
    expect: 'fleet.yaml:11:45 SLU0511',
  },
  {
    what: 'one consumer of a stream',
    fleet: [
      QUEUE,
      '  alerts: { in: work, schema: events/order, type: stream, singleActiveConsumer: true }',
    ],
    expect: 'fleet.yaml:11:59 SLU0511',
  },
  {
    what: 'a limit of nothing',
    fleet: [QUEUE, '  alerts: { in: work, schema: events/order, limit: { overflow: reject } }'],
    expect: 'fleet.yaml:11:45 SLU0513',
  },
  {
    what: 'a cache that forgets at once',
    fleet: [CACHE, 'ttl: 0s, schema: events/order'],
    expect: 'fleet.yaml:13:27 SLU0205',
  },
  {
    what: 'an absence without a time',
    fleet: [CACHE, `${CACHE}, absent: {}`],
    expect: 'fleet.yaml:13:53 SLU0202',
    hint: 'ttl',
  },
  {
    what: 'a hash of values that may be no object',
    fleet: [CACHE, `${CACHE}, as: hash`],
    files: { 'schemas/events/order.json': '{"oneOf":[{"type":"object"},{"type":"string"}]}' },
    expect: 'fleet.yaml:13:57 SLU0514',
    hint: 'as: string',
  },
]
