// Things that are right by themselves and cannot work together.
import { BILLING, FLEET, METRICS, NOTIFICATIONS, RETURNS, seeded } from '../corpus.ts'

const breaker = (fields: string) => `  breakers:\n    tax_service: { ${fields} }\n  retry:\n`

export const combinations = seeded('combinations', {
  [BILLING]: [
    {
      what: 'a step that may take longer than a worker drains',
      from: 'timeout: 8s',
      to: 'timeout: 45s',
      hint: /(45s|45000).*drain|drain.*(45|40)/s,
    },
    {
      what: 'a window smaller than what is at work',
      from: 'concurrency: 64\n',
      to: 'concurrency: 64\nwindow: 32\n',
      line: 'window: 32',
      hint: /window.*concurrency|concurrency.*window/s,
    },
    {
      what: 'dead letters into the source',
      from: 'invalid: { deadLetter: orders.dlq }',
      to: 'invalid: { deadLetter: orders }',
      hint: /source/,
    },
    {
      what: 'a routing key for a queue',
      from: 'to: billing\n      body',
      to: 'to: billing\n      key: event.data.order_id\n      body',
      line: 'key: event.data.order_id\n      body: |\n        { order_id: event.data.order_id,\n          customer_id',
      hint: /queue.*key/,
    },
    {
      what: 'a routing key for a fanout exchange',
      from: 'to: audit\n',
      to: 'to: audit\n      key: \'"review"\'\n',
      line: `key: '"review"'`,
      hint: /fanout/,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'no routing key for a topic exchange',
      from: "      key: '`email.${event.data.language}`'\n",
      to: '',
      line: "command:\n      to: notifications\n      body: |\n        { customer_id: event.data.customer_id,\n          channel: 'email'",
      hint: /key/,
    },
    {
      what: 'a window smaller than what is at work, both written',
      from: 'window: 500',
      to: 'window: 16',
      hint: /concurrency/,
    },
    {
      what: 'a topic to be sent to that takes dead letters',
      from: '    command:\n      to: audit\n      body: "',
      to: '    event:\n      to: desk.dlq\n      body: "',
      line: 'to: desk.dlq',
      hint: /desk\.dlq.*dead/s,
    },
  ],
  [METRICS]: [
    {
      what: 'the dead-letter topic as a source',
      from: 'from: { topic: metrics }',
      to: 'from: { topic: desk.dlq }',
      hint: /desk\.dlq/,
    },
  ],
  [RETURNS]: [
    {
      what: 'an event that starts its own pipeline again',
      from: 'to: return_decisions',
      to: 'to: returns',
      hint: /returns/,
    },
    {
      what: 'a step that may take longer than a worker drains',
      from: 'timeout: 15s',
      to: 'timeout: 2m',
      hint: /drain/,
    },
  ],
  [FLEET]: [
    {
      what: 'a worker drained sooner than a step may take',
      from: 'drain: { within: 40s }',
      to: 'drain: { within: 5s }',
      line: 'timeout: 10s',
      at: BILLING,
      hint: /drain/,
    },
    {
      what: 'a breaker that wants to see more than it looks at',
      from: '  retry:\n',
      to: breaker('window: 20, minimum: 50, failureRate: 50, open: 30s'),
      line: 'tax_service: {',
      hint: /minimum.*window/s,
    },
    {
      what: 'a breaker that opens at more than everything',
      from: '  retry:\n',
      to: breaker('window: 20, minimum: 10, failureRate: 150, open: 30s'),
      line: 'tax_service: {',
      hint: /failureRate.*100/s,
    },
    {
      what: 'a breaker that does not say how long it stays open',
      from: '  retry:\n',
      to: breaker('window: 20, minimum: 10, failureRate: 50'),
      line: 'tax_service: {',
      hint: /open/,
    },
    {
      what: 'a connection with a breaker that is not declared',
      from: 'vhost: ${RABBITMQ_VIRTUAL_HOST:-/}\n',
      to: 'vhost: ${RABBITMQ_VIRTUAL_HOST:-/}\n      breaker: tax_servise\n',
      also: [
        {
          file: FLEET,
          from: '  retry:\n',
          to: breaker('window: 20, minimum: 10, failureRate: 50, open: 30s'),
        },
      ],
      line: 'breaker: tax_servise',
      hint: /tax_servise.*tax_service/s,
    },
    {
      what: 'a limit of deliveries on a classic queue',
      from: 'type: classic\n',
      to: 'type: classic\n    deliveryLimit: 5\n',
      line: 'deliveryLimit: 5\n',
      hint: /quorum/,
    },
    {
      what: 'retention on a queue that is no stream',
      from: 'schema: commands/alert }',
      to: 'schema: commands/alert, retention: { time: 7d } }',
      hint: /stream/,
    },
    {
      what: 'a binding key on a fanout exchange',
      from: 'bindings: [{ exchange: audit }]',
      to: "bindings: [{ exchange: audit, key: 'x' }]",
      hint: /fanout/,
    },
    {
      what: 'a binding without a key on a topic exchange',
      from: "bindings: [{ exchange: notifications, key: 'email.#' }]",
      to: 'bindings: [{ exchange: notifications }]',
      hint: /key/,
    },
    {
      what: 'a queue bound to an exchange of other messages',
      from: 'schema: commands/notification\n    bindings:\n',
      to: 'schema: commands/refund\n    bindings:\n',
      line: "{ exchange: notifications, key: 'sms.*' }",
      hint: /commands\/(notification|refund)/,
    },
    {
      what: 'single active consumer on a stream',
      from: 'type: stream\n',
      to: 'type: stream\n    singleActiveConsumer: true\n',
      line: 'singleActiveConsumer: true\n    schema: commands/audit-entry',
      hint: /stream/,
    },
    {
      what: 'a stream with a limit that rejects',
      from: 'type: stream\n',
      to: 'type: stream\n    limit: { messages: 10 }\n',
      line: 'limit: { messages: 10 }',
      hint: /stream/,
    },
    {
      what: 'a dead-letter topic with a smaller limit than its source',
      from: 'ml_events.dlq: { in: events, deadLetters: true }',
      to: 'ml_events.dlq: { in: events, deadLetters: true, maxBytes: 64KiB }',
      hint: /maxBytes|64KiB|65536/,
    },
    {
      what: 'a dead-letter topic with a schema',
      from: 'ml_events.dlq: { in: events, deadLetters: true }',
      to: 'ml_events.dlq: { in: events, deadLetters: true, schema: events/ml-event }',
      hint: /schema/,
    },
    {
      what: 'a topic without a schema that a pipeline reads',
      from: 'partitions: 6, schema: events/return }',
      to: 'partitions: 6 }',
      line: 'topic: returns',
      at: RETURNS,
      hint: /schema/,
    },
    {
      what: 'a hash of values that are no objects',
      from: 'ttl: 30m, as: string, schema: values/prediction',
      to: 'ttl: 30m, as: hash, schema: values/skus',
      hint: /values\/list|hash/,
    },
    {
      what: 'a worker that runs a pipeline twice',
      from: 'pipelines: [metrics]',
      to: 'pipelines: [metrics, metrics]',
      hint: /twice/,
    },
    {
      what: 'two names that Kafka cannot tell apart in metrics',
      from: '  invoices: { in: events',
      to: '  orders_dlq: { in: events, deadLetters: true }\n  invoices: { in: events',
      line: 'orders.dlq: { in',
      hint: /orders[._]dlq/,
    },
  ],
})
