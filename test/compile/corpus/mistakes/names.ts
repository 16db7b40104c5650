// Names of things that are not there: topics, queues, exchanges, caches, handlers, schemas, policies, steps.
import { BILLING, FLEET, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const names = seeded('names', {
  [PREDICTIONS]: [
    {
      what: 'a misspelt topic',
      from: 'topic: ml_events\n',
      to: 'topic: ml_event\n',
      hint: 'ml_events',
    },
    { what: 'a misspelt queue', from: 'to: alerts\n', to: 'to: alert\n', hint: 'alerts' },
    {
      what: 'a misspelt handler',
      from: 'call: predict,',
      to: 'call: predicts,',
      hint: /predict\b/,
    },
    {
      what: 'a step used before it ran',
      from: 'input: event.data }',
      to: 'input: alert }',
      hint: /alert.*(later|before|after|no value|earlier)/s,
    },
    {
      what: 'a misspelt step',
      from: 'when: prediction.score > 0.9',
      to: 'when: predication.score > 0.9',
      hint: /predication.*prediction/s,
    },
    {
      what: 'an unknown topic for dead letters',
      from: 'invalid: { deadLetter: ml_events.dlq }',
      to: 'invalid: { deadLetter: ml_events.dql }',
      hint: 'ml_events.dlq',
    },
  ],
  [BILLING]: [
    { what: 'a misspelt cache', from: 'in: rates', to: 'in: rate', hint: 'rates' },
    {
      what: 'a breaker that is not declared',
      from: 'timeout: 8s',
      to: 'timeout: 8s\n      breaker: tax_service',
      line: 'breaker: tax_service',
      hint: /tax_service/,
    },
    {
      what: 'a misspelt retry policy',
      from: 'policy: patient',
      to: 'policy: pacient',
      hint: 'patient',
    },
    { what: 'a misspelt exchange', from: 'to: audit\n', to: 'to: audits\n', hint: 'audit' },
    {
      what: 'a command sent to a topic',
      from: '    command:\n      to: billing\n',
      to: '    command:\n      to: invoices\n',
      line: 'to: invoices\n      body: |\n        { order_id: event.data.order_id,\n          customer_id',
      hint: /invoices.*(topic|event)/s,
    },
    {
      what: 'an event sent to a queue',
      from: 'to: invoices\n',
      to: 'to: billing\n',
      line: 'to: billing\n      key',
      hint: /billing.*(queue|command)/s,
    },
    {
      what: 'the value of a step that has none',
      from: 'positions: event.data.lines.length,',
      to: 'positions: review.count,',
      hint: /review.*(no value|command|has none)/s,
    },
    {
      what: 'a step called twice the same',
      from: '- id: review',
      to: '- id: invoice',
      line: '- id: invoice\n    when: tax.gross',
      hint: 'invoice',
    },
    {
      what: 'a step with the name of the event',
      from: '- id: review',
      to: '- id: event',
      hint: 'event',
    },
    {
      what: 'a name with a hyphen for a step',
      from: '- id: review',
      to: '- id: manual-review',
      hint: /manual-review/,
    },
    {
      what: 'a source that is a queue',
      from: 'topic: orders\n',
      to: 'topic: billing\n',
      hint: /billing/,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a parameter of a callback used outside of it',
      from: "action: 'moved', level: 'info', at: event.time }",
      to: "action: 'moved', level: 'info', at: address.city }",
      hint: /address/,
    },
    {
      what: 'a dead-letter topic that holds no dead letters',
      from: 'invalid: { deadLetter: desk.dlq }',
      to: 'invalid: { deadLetter: metrics }',
      hint: /metrics.*deadLetters/s,
    },
  ],
  [METRICS]: [
    {
      what: 'a handler with an underscore instead of a hyphen',
      from: 'call: service-owner',
      to: 'call: service_owner',
      hint: 'service-owner',
    },
    {
      what: 'the name of the cache for the name of the step',
      from: "team: owner?.team ?? 'unknown'",
      to: "team: owners?.team ?? 'unknown'",
      hint: /owners.*owner\b/s,
    },
  ],
  [RETURNS]: [
    {
      what: 'a field without event.data before it',
      from: 'comment: event.data.comment }',
      to: 'comment: comment }',
      hint: /comment.*event/s,
    },
    {
      what: 'a pipeline with the name of another one',
      from: 'pipeline: returns',
      to: 'pipeline: billing',
      hint: 'billing',
    },
    {
      what: 'two pipelines in one consumer group of one topic',
      from: 'topic: returns\n  group: returns',
      to: 'topic: orders\n  group: billing',
      line: 'group: billing',
      hint: /group|billing/,
    },
  ],
  [FLEET]: [
    {
      what: 'a misspelt connection',
      from: 'prediction_results: { in: events,',
      to: 'prediction_results: { in: event,',
      hint: 'events',
    },
    {
      what: 'a topic on RabbitMQ',
      from: 'invoices: { in: events,',
      to: 'invoices: { in: work,',
      hint: /work.*(kafka|Kafka|events)/s,
    },
    {
      what: 'a queue on Kafka',
      from: 'alerts: { in: work,',
      to: 'alerts: { in: events,',
      hint: /events.*(rabbitmq|RabbitMQ|work)/s,
    },
    {
      what: 'a cache on RabbitMQ',
      from: 'predictions: { in: hot,',
      to: 'predictions: { in: work,',
      hint: /work.*(redis|Redis|hot)/s,
    },
    {
      what: 'a schema that is not there',
      from: 'schema: commands/refund,',
      to: 'schema: commands/refunds,',
      hint: 'commands/refund',
    },
    {
      what: 'a schema with its ending',
      from: 'schema: events/customer\n',
      to: 'schema: events/customer.json\n',
      hint: /without \.json|events\/customer\b/,
    },
    {
      what: 'a worker with a pipeline that is not there',
      from: 'pipelines: [metrics]',
      to: 'pipelines: [metric]',
      hint: 'metrics',
    },
    {
      what: 'a binding to an exchange that is not there',
      from: "exchange: notifications, key: 'email.#'",
      to: "exchange: notification, key: 'email.#'",
      hint: 'notifications',
    },
  ],
})
