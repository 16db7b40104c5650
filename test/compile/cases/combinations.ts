// What is right by itself and cannot work together.
import type { Case } from './case.ts'

export const COMBINATIONS: readonly Case[] = [
  {
    what: 'a default timeout that outlasts a drain',
    fleet: ['fleet: shop', 'fleet: shop\ndrain: { within: 10s }'],
    expect: 'billing.yaml:10:13 SLU0504',
  },
  {
    what: 'two topics that Kafka takes for one',
    fleet: ['  orders.dlq:', '  orders_dlq: { in: events }\n  orders.dlq:'],
    expect: 'fleet.yaml:10:3 SLU0507',
    hint: 'orders_dlq',
  },
  {
    what: 'a format that needs a registry, and none is named',
    fleet: [
      '  orders.dlq:',
      '  sold: { in: events, schema: events/order, format: json-registry }\n  orders.dlq:',
    ],
    expect: 'fleet.yaml:9:53 SLU0587',
    hint: 'KAFKA_SCHEMA_REGISTRY_URL',
  },
  {
    what: 'versions of what is plain JSON',
    fleet: ['billed: { in: events,', 'billed: { in: events, registers: true,'],
    expect: 'fleet.yaml:8:25 SLU0591',
  },
  {
    what: 'dead letters in a format',
    fleet: ['deadLetters: true,', 'deadLetters: true, format: json-registry,'],
    expect: 'fleet.yaml:9:56 SLU0588',
  },
  {
    what: 'dead letters with a schema',
    fleet: ['deadLetters: true,', 'deadLetters: true, schema: events/order,'],
    expect: 'fleet.yaml:9:56 SLU0520',
  },
  {
    what: 'an event for the source itself, whatever comes',
    pipeline: [
      'when: event.data.total > 0\norder: key\nsteps:\n',
      "order: key\nsteps:\n  - id: again\n    event: { to: orders, body: '{ total: 1 }' }\n",
    ],
    expect: 'billing.yaml:6:18 SLU0521',
    hint: 'when',
  },
  {
    what: 'jobs that are forgotten before a repeat may come',
    fleet: [
      'caches:',
      'jobs:\n  reviews: { in: hot, schema: events/order, retention: { failed: 2m } }\ncaches:',
    ],
    pipeline: ['command: { to: alerts', 'job: { to: reviews'],
    expect: 'fleet.yaml:13:66 SLU0545',
    hint: 'failed: 3m or more',
  },
  {
    what: 'an order that jobs cannot keep',
    fleet: ['caches:', 'jobs:\n  reviews: { in: hot, schema: events/order }\ncaches:'],
    pipeline: ['from: { topic: orders }', 'from: { jobs: reviews }'],
    expect: 'billing.yaml:4:8 SLU0546',
    hint: 'order: none',
  },
  {
    what: 'a cron that cannot be read',
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      "from: { schedule: { cron: '0 25 * * *', timezone: Europe/Berlin }, in: hot }\nwhen: event.data.total > 0\norder: none",
    ],
    expect: 'billing.yaml:2:27 SLU0547',
    hint: 'five fields',
  },
  {
    what: 'a time zone that is none',
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      "from: { schedule: { cron: '0 3 * * *', timezone: Europe/Berlni }, in: hot }\nwhen: event.data.total > 0\norder: none",
    ],
    expect: 'billing.yaml:2:50 SLU0548',
    hint: 'Europe/Berlin',
  },
  {
    what: 'waits that shrink',
    pipeline: ['first: 1s', 'first: 1m'],
    expect: 'billing.yaml:19:43 SLU0501',
  },
  {
    what: 'a window below concurrency',
    pipeline: ['order: key', 'order: key\nwindow: 10'],
    expect: 'billing.yaml:5:9 SLU0502',
  },
  {
    what: 'a guard that never trips',
    pipeline: ['failure:', 'failure:\n  guard: { of: 5, tolerate: 5, then: pause }'],
    expect: 'billing.yaml:17:29 SLU0503',
  },
  {
    what: 'once in a fleet without state',
    pipeline: ['order: key', 'once: { window: 1h }\norder: key'],
    expect: 'billing.yaml:4:1 SLU0530',
    hint: 'state: {',
  },
  {
    what: 'dedupe in a fleet without state',
    pipeline: [
      "command: { to: alerts, body: '{ total: price.total }' }",
      'dedupe: { key: event.id, window: 1h }',
    ],
    expect: 'billing.yaml:13:5 SLU0530',
    hint: 'state: {',
  },
  {
    what: 'dedupe within a split',
    fleet: ['topics:', 'state: { in: hot }\ntopics:'],
    pipeline: [
      "command: { to: alerts, body: '{ total: price.total }' }",
      'split: { over: "[1]", as: one, steps: [{ id: seen, dedupe: { key: one, window: 1h } }] }',
    ],
    expect: 'billing.yaml:13:56 SLU0532',
    hint: 'before the split',
  },
  {
    what: 'forgetting in a cache whose entries have no tags',
    pipeline: [
      "command: { to: alerts, body: '{ total: price.total }' }",
      'forget: { in: prices, tag: event.data.sku }',
    ],
    expect: 'billing.yaml:13:19 SLU0570',
    hint: 'tags',
    warns: true,
  },
  {
    what: 'a store of which only some values have versions',
    fleet: ['caches:', 'stores:\n  totals: { in: hot, ttl: 1h, schema: events/order }\ncaches:'],
    pipeline: [
      "command: { to: alerts, body: '{ total: price.total }' }",
      "store: { in: totals, key: event.id, value: '{ total: 1 }', version: '1' }\n  - id: other\n    store: { in: totals, key: event.id, value: '{ total: 2 }' }",
    ],
    expect: 'billing.yaml:15:18 SLU0571',
    hint: 'version',
    warns: true,
  },
  {
    what: 'alerts that nobody could remember',
    fleet: ['topics:', "alerting: { to: alerts, body: '{ total: 1 }' }\ntopics:"],
    expect: 'fleet.yaml:6:1 SLU0593',
    hint: 'add state:',
  },
  {
    what: 'alerts that are looked at less often than they have to hold',
    fleet: [
      'topics:',
      "state: { in: hot }\nalerting: { to: alerts, body: '{ total: 1 }', every: 5m, for: 1m }\ntopics:",
    ],
    expect: 'fleet.yaml:7:54 SLU0594',
    hint: 'every',
  },
  {
    what: 'a measure with a name of what every window has',
    fleet: ['topics:', 'state: { in: hot }\ntopics:'],
    pipeline: [
      "command: { to: alerts, body: '{ total: price.total }' }",
      'window: { every: 1m, measure: { start: price.total } }\n  - id: rows\n    map: { value: alert?.length }',
    ],
    expect: 'billing.yaml:13:37 SLU0580',
    hint: 'another name',
  },
  {
    what: 'windows that nothing uses',
    fleet: ['topics:', 'state: { in: hot }\ntopics:'],
    pipeline: ["command: { to: alerts, body: '{ total: price.total }' }", 'window: { every: 1m }'],
    expect: 'billing.yaml:13:5 SLU0581',
    hint: 'over: alert',
  },
  {
    what: 'dedupe behind a window',
    fleet: ['topics:', 'state: { in: hot }\ntopics:'],
    pipeline: [
      "command: { to: alerts, body: '{ total: price.total }' }",
      'window: { every: 1m }\n  - id: rows\n    map: { value: alert?.length }\n  - id: seen\n    dedupe: { key: event.key, window: 1h }',
    ],
    expect: 'billing.yaml:17:5 SLU0582',
    hint: 'before the window',
  },
  {
    what: 'once for less time than the retries take',
    fleet: ['topics:', 'state: { in: hot }\ntopics:'],
    pipeline: ['order: key', 'once: { window: 1s }\norder: key'],
    expect: 'billing.yaml:4:17 SLU0531',
    hint: 'longer',
  },
  {
    what: 'a step that outlasts a drain',
    pipeline: ['input: event.data }', 'input: event.data, timeout: 1m }'],
    expect: 'billing.yaml:10:56 SLU0504',
  },
  {
    what: 'two sources',
    pipeline: ['from: { topic: orders }', 'from: { topic: orders, queue: alerts }'],
    expect: 'billing.yaml:2:24 SLU0523',
    hint: 'two pipelines',
  },
  {
    what: 'no source',
    pipeline: ['from: { topic: orders }', 'from: { group: billing }'],
    expect: 'billing.yaml:2:1 SLU0523',
    hint: 'topic, queue',
  },
  {
    what: 'more messages than a queue hands over',
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      'from: { queue: alerts }\nwhen: event.data.total > 0\norder: none\nwindow: 100000',
    ],
    expect: 'billing.yaml:5:9 SLU0524',
    hint: '65535',
  },
  {
    what: 'an order on a queue that is shared',
    pipeline: ['from: { topic: orders }', 'from: { queue: alerts }'],
    expect: 'billing.yaml:4:8 SLU0525',
    hint: 'singleActiveConsumer',
  },
  {
    what: 'a stream as a source',
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      'from: { queue: alerts }\nwhen: event.data.total > 0\norder: none',
    ],
    fleet: ['alerts: { in: work,', 'alerts: { in: work, type: stream,'],
    expect: 'billing.yaml:2:16 SLU0526',
  },
  {
    what: 'dead letters on a queue that is no stream',
    fleet: ['queues:', 'queues:\n  failed: { in: work, deadLetters: true }'],
    expect: 'fleet.yaml:11:23 SLU0540',
    hint: 'stream',
  },
  {
    what: 'dead letters by way of an exchange',
    fleet: [
      'queues:',
      'exchanges:\n  out: { in: work, type: fanout, schema: events/order }\nqueues:\n  failed: { in: work, type: stream, deadLetters: true, bindings: [{ exchange: out }] }',
    ],
    expect: 'fleet.yaml:13:56 SLU0541',
    hint: 'remove the bindings',
  },
  {
    what: 'dead letters to a name of two',
    fleet: ['queues:', 'queues:\n  orders.dlq: { in: work, type: stream, deadLetters: true }'],
    expect: 'fleet.yaml:11:3 SLU0328',
  },
  {
    what: 'an audit log among messages of a schema',
    fleet: ['queues:', 'audit: { topic: billed }\nqueues:'],
    expect: 'fleet.yaml:10:17 SLU0543',
    hint: 'without a schema',
  },
  {
    what: 'a request to a queue that is not asked',
    pipeline: [
      '    cache:\n      in: prices\n      key: event.data.sku\n      load: { call: quote, input: event.data }',
      "    request: { to: alerts, body: '{ total: 1 }' }",
    ],
    expect: 'billing.yaml:7:20 SLU0527',
    hint: 'reply',
  },
  {
    what: 'an answer that nobody asks for',
    pipeline: ['failure:', "reply: '{ total: 1 }'\nfailure:"],
    expect: 'billing.yaml:16:1 SLU0527',
    hint: 'only queues are asked',
  },
  {
    what: 'a queue that is asked and not answered',
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      'from: { queue: alerts }\norder: none',
    ],
    fleet: ['alerts: { in: work,', 'alerts: { in: work, reply: events/order,'],
    expect: 'billing.yaml:2:1 SLU0527',
    hint: 'events/order',
  },
  {
    what: 'requests that are filtered',
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      "from: { queue: alerts }\nwhen: event.data.total > 0\norder: none\nreply: '{ total: 1 }'",
    ],
    fleet: ['alerts: { in: work,', 'alerts: { in: work, reply: events/order,'],
    expect: 'billing.yaml:3:1 SLU0528',
    hint: 'route',
  },
  {
    what: 'a queue that drops what is delivered too often',
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      'from: { queue: alerts }\nwhen: event.data.total > 0\norder: none',
    ],
    fleet: ['alerts: { in: work,', 'alerts: { in: work, deliveryLimit: 5,'],
    expect: 'billing.yaml:2:16 SLU0529',
  },
  {
    what: 'an answer that may outlast a drain',
    pipeline: [
      '    cache:\n      in: prices\n      key: event.data.sku\n      load: { call: quote, input: event.data }',
      "    request: { to: alerts, body: '{ total: 1 }', timeout: 30s }",
    ],
    fleet: ['alerts: { in: work,', 'alerts: { in: work, reply: events/order,'],
    expect: 'billing.yaml:7:59 SLU0504',
  },
]
