// Names of things that are not there, or not for this.
import type { Case } from './case.ts'

export const NAMES: readonly Case[] = [
  {
    what: 'an unknown connection',
    fleet: ['orders: { in: events,', 'orders: { in: event,'],
    expect: 'fleet.yaml:7:17 SLU0301',
    hint: 'events',
  },
  {
    what: 'an unknown topic',
    pipeline: ['topic: orders', 'topic: order'],
    expect: 'billing.yaml:2:16 SLU0302',
    hint: 'orders',
  },
  {
    what: 'an unknown queue',
    pipeline: ['to: alerts', 'to: alert'],
    expect: 'billing.yaml:13:20 SLU0303',
    hint: 'alerts',
  },
  {
    what: 'an unknown queue of jobs',
    fleet: ['caches:', 'jobs:\n  reviews: { in: hot, schema: events/order }\ncaches:'],
    pipeline: ['command: { to: alerts', 'job: { to: review'],
    expect: 'billing.yaml:13:16 SLU0329',
    hint: 'reviews',
  },
  {
    what: 'a queue of jobs that is not there, as a source',
    fleet: ['caches:', 'jobs:\n  reviews: { in: hot, schema: events/order }\ncaches:'],
    pipeline: [
      'from: { topic: orders }\nwhen: event.data.total > 0\norder: key',
      'from: { jobs: alerts }\nwhen: event.data.total > 0\norder: none',
    ],
    expect: 'billing.yaml:2:15 SLU0329',
    hint: '"alerts" is a queue: write from: { queue: … }',
  },
  {
    what: 'an unknown store',
    fleet: ['caches:', 'stores:\n  reviews: { in: hot, ttl: 1h, schema: events/order }\ncaches:'],
    pipeline: [
      "command: { to: alerts, body: '{ total: price.total }' }",
      "store: { in: review, key: event.id, value: '{ total: 1 }' }",
    ],
    expect: 'billing.yaml:13:18 SLU0321',
    hint: 'reviews',
  },
  {
    what: 'jobs with the name of a topic',
    fleet: ['caches:', 'jobs:\n  billed: { in: hot, schema: events/order }\ncaches:'],
    expect: 'fleet.yaml:13:3 SLU0317',
    hint: 'another',
  },
  {
    what: 'an unknown cache',
    pipeline: ['in: prices', 'in: price'],
    expect: 'billing.yaml:8:11 SLU0304',
    hint: 'prices',
  },
  {
    what: 'a slip in the name of a cache that a handler may use',
    pipeline: ['call: quote,', 'call: quote, caches: [prices, pricse],'],
    expect: 'billing.yaml:10:45 SLU0304',
    hint: 'did you mean "prices"?',
  },
  {
    what: 'a slip in the name of a handler',
    pipeline: ['call: quote', 'call: qoute'],
    expect: 'billing.yaml:10:21 SLU0305',
    hint: 'did you mean "quote"?',
  },
  {
    what: 'a slip in the name of a schema',
    fleet: [
      'billed: { in: events, schema: events/order',
      'billed: { in: events, schema: event/order',
    ],
    expect: 'fleet.yaml:8:33 SLU0306',
    hint: 'did you mean "events/order"?',
  },
  {
    what: 'a schema that every object has',
    fleet: ['billed: { in: events, schema: events/order', 'billed: { in: events, schema: toString'],
    expect: 'fleet.yaml:8:33 SLU0306',
  },
  {
    what: 'an event to a topic of dead letters',
    pipeline: ['to: billed', 'to: orders.dlq'],
    expect: 'billing.yaml:15:18 SLU0310',
  },
  {
    what: 'an event to a topic without a schema',
    fleet: ['billed: { in: events, schema: events/order }', 'billed: { in: events }'],
    expect: 'billing.yaml:15:18 SLU0309',
  },
  {
    what: 'a queue that RabbitMQ keeps for itself',
    fleet: ['queues:', 'queues:\n  amq.x: { in: work, schema: events/order }'],
    expect: 'fleet.yaml:11:3 SLU0315',
  },
  {
    what: 'a verb that every object has',
    pipeline: ['    event: {', '    valueOf: {'],
    expect: 'billing.yaml:15:5 SLU0201',
  },
  {
    what: 'a verb with a slip',
    pipeline: ['    event: {', '    evnet: {'],
    expect: 'billing.yaml:15:5 SLU0201',
    hint: '"event"',
  },
  {
    what: 'a step without a verb',
    pipeline: ['  - id: announce\n', '  - id: nothing\n  - id: announce\n'],
    expect: 'billing.yaml:14:5 SLU0211',
  },
  {
    what: 'a step without an id',
    pipeline: ['  - id: alert\n    when', '  - when'],
    expect: 'billing.yaml:11:5 SLU0202',
  },
  {
    what: 'an unknown handler',
    pipeline: ['call: quote', 'call: quota'],
    expect: 'billing.yaml:10:21 SLU0305',
    hint: 'workers/handlers/quota.ts',
  },
  {
    what: 'an unknown schema',
    fleet: [
      'billed: { in: events, schema: events/order',
      'billed: { in: events, schema: events/bill',
    ],
    expect: 'fleet.yaml:8:33 SLU0306',
  },
  {
    what: 'a connection of the wrong kind',
    fleet: ['prices: { in: hot', 'prices: { in: work'],
    expect: 'fleet.yaml:13:17 SLU0308',
  },
  {
    what: 'a source without a schema',
    fleet: ['orders: { in: events, schema: events/order }', 'orders: { in: events }'],
    expect: 'billing.yaml:2:16 SLU0309',
  },
  {
    what: 'dead letters to an ordinary topic',
    pipeline: ['invalid: { deadLetter: orders.dlq', 'invalid: { deadLetter: billed'],
    expect: 'billing.yaml:17:26 SLU0310',
  },
  {
    what: 'dead letters to the source',
    pipeline: ['invalid: { deadLetter: orders.dlq', 'invalid: { deadLetter: orders'],
    expect: 'billing.yaml:17:26 SLU0310',
  },
  {
    what: 'a reserved word',
    pipeline: ['id: announce', 'id: class'],
    expect: 'billing.yaml:14:9 SLU0311',
  },
  {
    what: 'a name of JavaScript’s own',
    pipeline: ['id: announce', 'id: __proto__'],
    expect: 'billing.yaml:14:9 SLU0311',
  },
  {
    what: 'an id twice',
    pipeline: ['id: announce', 'id: price'],
    expect: 'billing.yaml:14:9 SLU0312',
  },
  {
    what: 'an unknown pipeline',
    fleet: ['[billing]', '[biling]'],
    expect: 'fleet.yaml:15:22 SLU0314',
    hint: 'billing',
  },
]
