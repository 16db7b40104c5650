// Files that are right: each form of YAML and each feature of the language.
import {
  BILLING,
  FLEET,
  METRICS,
  NIGHT,
  NOTIFICATIONS,
  PREDICTIONS,
  RATE_DESK,
  RETURNS,
  variants,
} from '../corpus.ts'

const ENTRY = "{ subject: event.data.order_id, action: 'archive', level: 'info', at: event.time }"
const BREAKER =
  '  breakers:\n    tax_service: { window: 100, minimum: 20, failureRate: 50, open: 30s, probes: 5, patience: 1h }\n  retry:\n'

export const language = variants({
  [PREDICTIONS]: [
    {
      what: 'dead letters on a stream',
      from: 'invalid: { deadLetter: ml_events.dlq }',
      to: 'invalid: { deadLetter: failed }',
    },
    {
      what: 'a literal block scalar that keeps its end',
      from: "body: '{ event_id: event.id, model_id: event.data.model_id, score: prediction.score }'",
      to: 'body: |+\n        { event_id: event.id, model_id: event.data.model_id, score: prediction.score }\n',
    },
    {
      what: 'a folded scalar without its end',
      from: 'when: prediction.score > 0.9',
      to: 'when: >-\n      prediction.score > 0.9\n      && prediction.score <= 1',
    },
    {
      what: 'a plain scalar over two lines',
      from: 'when: prediction.score > 0.9',
      to: 'when: prediction.score > 0.9\n      && prediction.score <= 1',
    },
    {
      what: 'double quotes with escapes',
      from: "key: '[event.data.model_id, event.data.features]'",
      to: 'key: "[event.data.model_id, \\"v1\\", event.data.features]"',
    },
    {
      what: 'single quotes doubled',
      from: "'{ event_id: event.id, model_id: event.data.model_id, score: prediction.score }'",
      to: "'{ event_id: event.id, model_id: ''m-'' + event.data.model_id, score: prediction.score }'",
    },
    { what: 'quoted keys of YAML', from: 'concurrency: 256', to: '"concurrency": 256' },
    {
      what: 'a map in braces over lines',
      from: '  guard: { of: 200, tolerate: 20, then: pause }',
      to: '  guard: {\n    of: 200,\n    tolerate: 20,\n    then: pause,\n  }',
    },
    {
      what: 'comments everywhere',
      from: 'steps:\n',
      to: '# what is done\nsteps: # in this order\n',
    },
    {
      what: 'a guard that counts what was bad when it came',
      from: 'tolerate: 20, then',
      to: 'tolerate: 20, counts: [exhausted, defect, invalid], then',
    },
    { what: 'no guard', from: '  guard: { of: 200, tolerate: 20, then: pause }\n', to: '' },
    { what: 'no concurrency and no window', from: 'concurrency: 256\nwindow: 10000\n', to: '' },
    {
      what: 'milliseconds and minutes',
      from: 'first: 200ms, max: 30s',
      to: 'first: 0ms, max: 10m',
    },
    { what: 'hours', from: 'first: 200ms, max: 30s', to: 'first: 1h, max: 2h' },
    { what: 'days', from: 'first: 200ms, max: 30s', to: 'first: 90s, max: 1d' },
    {
      what: 'a start document mark',
      from: 'pipeline: predictions\n',
      to: '---\npipeline: predictions\n',
    },
    { what: 'order by partition', from: 'order: key #', to: 'order: partition #' },
    { what: 'one attempt', from: 'attempts: 5', to: 'attempts: 1' },
    { what: 'a name in quotes', from: 'pipeline: predictions\n', to: "pipeline: 'predictions'\n" },
    { what: 'no group: the name of the pipeline', from: '  group: predictions\n', to: '' },
    {
      what: 'a cache that the handler uses by itself',
      from: 'input: event.data }',
      to: 'input: event.data, caches: [predictions] }',
    },
  ],
  [BILLING]: [
    {
      what: 'entries that are about something, and somebody who forgets it',
      from: '      key: event.data.customer.id\n',
      to: "      key: event.data.customer.id\n      tags: '[event.data.customer.country, event.data.lines.length]'\n",
      also: [
        {
          file: BILLING,
          from: '  - id: tax\n',
          to: '  - id: moved\n    when: event.data.lines.length === 0\n    forget: { in: customers, tag: event.data.customer.country }\n  - id: tax\n',
        },
      ],
    },
    {
      what: 'each order billed once',
      from: 'concurrency: 64',
      to: 'once: { window: 6h }\nconcurrency: 64',
    },
    { what: 'a size in MiB', from: 'maxBytes: 512KiB', to: 'maxBytes: 1MiB' },
    {
      what: 'a value computed on the way',
      from: '  - id: tax\n',
      to: "  - id: subtotal\n    map: { value: 'event.data.lines.reduce((sum, line) => sum + line.quantity * line.unit_price, 0)' }\n  - id: tax\n",
      also: [{ file: BILLING, from: 'net: tax.net,', to: 'net: subtotal,' }],
    },
    {
      what: 'an object computed under a condition, and a default',
      from: '  - id: tax\n',
      to: '  - id: extra\n    when: event.data.lines.length > 3\n    map:\n      value: |\n        { count: event.data.lines.length,\n          skus: event.data.lines.map(line => line.sku) }\n  - id: tax\n',
      also: [{ file: BILLING, from: 'net: tax.net,', to: 'net: tax.net + (extra?.count ?? 0),' }],
    },
    {
      what: 'a value that others are computed from',
      from: '  - id: tax\n',
      to: '  - id: lines\n    map: { value: event.data.lines }\n  - id: count\n    map: { value: lines.length }\n  - id: tax\n',
      also: [{ file: BILLING, from: 'net: tax.net,', to: 'net: tax.net * count,' }],
    },
    {
      what: 'each order and state once',
      from: '  - id: issued\n',
      to: `  - id: fresh
    when: tax.gross > 0
    dedupe: { key: "[event.data.order_id, event.data.currency]", window: 10m }
  - id: issued\n`,
    },
    {
      what: 'an invoice stored for others',
      from: '  - id: issued\n',
      to: `  - id: remember
    when: tax.gross > 0
    store:
      in: invoices_by_order
      key: event.data.order_id
      value: |
        { order_id: event.data.order_id, customer_id: customer.customer_id, issued_at: event.time,
          gross: tax.gross, positions: event.data.lines.length }
  - id: issued\n`,
    },
    {
      what: 'a job for each message',
      from: '  - id: issued\n',
      to: `  - id: archive\n    job: { to: archives, body: "${ENTRY}" }\n  - id: issued\n`,
    },
    {
      what: 'a job with an id, later, and before others',
      from: '  - id: issued\n',
      to: `  - id: archive\n    when: tax.gross > 1000\n    job:\n      to: archives\n      id: event.data.order_id\n      delay: 2h\n      priority: 10\n      body: "${ENTRY}"\n  - id: issued\n`,
    },
    {
      what: 'a number as the id of a job, and ends remembered for a time of their own',
      from: '  - id: issued\n',
      to: `  - id: archive\n    job: { to: archives, id: event.data.lines.length, body: "${ENTRY}" }\n  - id: issued\n`,
      also: [
        {
          file: FLEET,
          from: 'archives: { in: hot, schema: commands/audit-entry }',
          to: 'archives: { in: hot, schema: commands/audit-entry, compatibility: none, retention: { completed: 3h, failed: 90d } }',
        },
      ],
    },
    { what: 'a size in bytes', from: 'maxBytes: 512KiB', to: 'maxBytes: 65536' },
    {
      what: 'a call through a breaker',
      from: 'timeout: 8s',
      to: 'timeout: 8s\n      breaker: tax_service',
      also: [{ file: FLEET, from: '  retry:\n', to: BREAKER }],
    },
    { what: 'a timeout as long as the drain', from: 'timeout: 8s', to: 'timeout: 40s' },
    {
      what: 'a retry instead of a policy',
      from: '{ policy: patient, deadLetter: orders.dlq }',
      to: '{ retry: { attempts: 2, first: 1s, max: 1s, jitter: none }, deadLetter: orders.dlq }',
    },
    {
      what: 'a step without a condition',
      from: "    when: tax.gross > 10000 && customer.tier === 'standard'\n",
      to: '',
    },
    {
      what: 'a name of a step with digits and underscores',
      from: '- id: review',
      to: '- id: review_2nd',
    },
  ],
  [NOTIFICATIONS]: [
    { what: 'window as large as concurrency', from: 'window: 500', to: 'window: 32' },
    {
      what: 'dead letters in several topics',
      from: 'invalid: { deadLetter: desk.dlq }',
      to: 'invalid: { deadLetter: orders.dlq }',
    },
  ],
  [METRICS]: [
    {
      what: 'waits outside of the pipeline',
      from: 'attempts: 4, first: 500ms, max: 1m, jitter: full }',
      to: 'attempts: 12, first: 500ms, max: 1m, jitter: full, park: { after: 3, tiers: [5m, 1h, 6h] } }',
    },
    ...(
      [
        ['queue', 'queues:\n'],
        ['jobs', 'jobs:\n'],
      ] as const
    ).map(([kind, section]) => ({
      what: `${kind} that wait outside of the pipeline`,
      from: 'from: { topic: metrics }',
      to: `from: { ${kind}: metrics_in }`,
      also: [
        {
          file: METRICS,
          from: 'attempts: 4, first: 500ms, max: 1m, jitter: full }',
          to: 'attempts: 12, first: 500ms, max: 1m, jitter: full, park: { after: 3, tiers: [5m, 1h] } }',
        },
        {
          file: FLEET,
          from: `\n${section}`,
          to: `\n${section}  metrics_in: { in: ${kind === 'queue' ? 'work' : 'hot'}, schema: events/metric }\n`,
        },
      ],
    })),
    {
      what: 'a source over lines',
      from: 'from: { topic: metrics }',
      to: 'from:\n  topic: metrics\n  group: metrics-enrichment\n  start: latest\n  maxBytes: 64KiB',
    },
    {
      what: 'no condition',
      from: "when: event.data.kind !== 'histogram' || event.data.buckets.length > 0\n",
      to: '',
    },
  ],
  [RETURNS]: [{ what: 'order of keys', from: 'order: partition', to: 'order: key' }],
  [FLEET]: [
    { what: 'the other client of Kafka', from: 'client: kafkajs', to: 'client: platformatic' },
    {
      what: 'the client of Kafka by a variable',
      from: 'client: kafkajs',
      to: "client: '${KAFKA_CLIENT:-platformatic}'",
    },
    {
      what: 'Kafka in plain text, by a variable',
      from: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', client",
      to: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', security: '${KAFKA_SECURITY_PROTOCOL:-PLAINTEXT}', client",
    },
    {
      what: 'an audit log in a file that a variable names',
      from: 'state: { in: hot }',
      to: 'state: { in: hot }\naudit: { file: "${AUDIT_FILE:-audit.jsonl}" }',
    },
    {
      what: 'a stream of dead letters that forgets by its size',
      from: 'type: stream, deadLetters: true, retention: { time: 30d }',
      to: 'type: stream, deadLetters: true, retention: { bytes: 1GiB }',
    },
    { what: 'a profile written out', from: '${SLUICE_PROFILE:-development}', to: 'production' },
    { what: 'a prefix written out', from: '${SLUICE_PREFIX:-}', to: 'staging.' },
    {
      what: 'a variable without a default',
      from: '${RABBITMQ_HOST:-localhost}',
      to: '${RABBITMQ_HOST}',
    },
    {
      what: 'a breaker for all that is sent over a connection',
      from: 'vhost: ${RABBITMQ_VIRTUAL_HOST:-/}\n',
      to: 'vhost: ${RABBITMQ_VIRTUAL_HOST:-/}\n      breaker: tax_service\n',
      also: [{ file: FLEET, from: '  retry:\n', to: BREAKER }],
    },
    { what: 'a port written out', from: '${RABBITMQ_PORT:-5672}', to: '5672' },
    {
      what: 'two variables in one value',
      from: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}'",
      to: "'${KAFKA_A:-a.internal}:9092,${KAFKA_B:-b.internal}:9093'",
    },
    {
      what: 'several brokers',
      from: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}'",
      to: "'k1:9092, k2:9092,k3:9092'",
    },
    { what: 'kept for ever', from: 'time: 14d', to: 'time: forever' },
    { what: 'cleanup of both kinds', from: 'cleanup: compact\n', to: 'cleanup: compact-delete\n' },
    {
      what: 'tombstones skipped: the pipeline may still ask',
      from: 'tombstones: deliver #',
      to: 'tombstones: skip #',
    },
    {
      what: 'a cache that answers for longer',
      from: 'staleWhileRevalidate: 15m,',
      to: 'staleWhileRevalidate: 1h,',
    },
    {
      what: 'a cache whose entries are loaded once in the fleet, and expire one by one',
      from: 'staleWhileRevalidate: 15m,',
      to: 'jitter: 25, flight: fleet, staleWhileRevalidate: 15m,',
    },
    { what: 'a cache as a hash', from: 'ttl: 30m, as: string', to: 'ttl: 30m, as: hash' },
    { what: 'a cache that lives for days', from: 'ttl: 6h', to: 'ttl: 30d' },
    {
      what: 'a queue without its type: quorum',
      from: 'alerts: { in: work, type: quorum, schema',
      to: 'alerts: { in: work, schema',
    },
    {
      what: 'a classic queue with a limit',
      from: 'type: classic\n',
      to: 'type: classic\n    limit: { messages: 1000, overflow: drop-oldest }\n',
    },
    { what: 'a binding of all', from: "key: 'email.#'", to: "key: '#'" },
    { what: 'a pipeline in two workers', from: '[metrics]', to: '[metrics, returns]' },
    {
      what: 'nothing provisioned',
      from: 'fleet: order-desk\n',
      to: 'fleet: order-desk\nprovision: false\n',
    },
    {
      what: 'a queue that nobody sends to',
      from: '  refunds: { in: work',
      to: '  spare: { in: work, schema: commands/refund }\n  refunds: { in: work',
    },
    {
      what: 'a topic that nobody reads',
      from: '  invoices: { in: events',
      to: '  archive: { in: events, schema: events/order, compression: gzip }\n  invoices: { in: events',
    },
    { what: 'a fleet that keeps no state', from: 'state: { in: hot }\n', to: '' },
    { what: 'an empty section', from: 'workers:\n', to: 'workers:\n  # one process a kind\n' },
  ],
  'schemas/commands/refund.json': [
    { what: 'a larger maximum', from: '"maximum": 5000', to: '"maximum": 9000' },
  ],
  'workers/handlers/tax.ts': [
    {
      what: 'a handler that promises',
      from: 'const tax: Tax<Taxed> = (',
      to: 'const tax: Tax<Taxed> = async (',
    },
  ],
  [RATE_DESK]: [
    {
      what: 'a queue with a window of its own',
      from: 'concurrency: 16',
      to: 'concurrency: 16\nwindow: 64',
    },
    {
      what: 'a queue in order, read by one at a time',
      from: 'order: none',
      to: 'order: partition',
      also: [
        {
          file: FLEET,
          from: 'reply: values/exchange-rate }',
          to: 'reply: values/exchange-rate, singleActiveConsumer: true }',
        },
      ],
    },
    {
      what: 'an answer from a step that computes it',
      from: "reply: '{ from: event.data.from, to: event.data.to, rate: rate.rate, as_of: event.time }'",
      to: "  - id: answer\n    map: { value: '({ ...event.data, rate: rate.rate, as_of: event.time })' }\nreply: answer",
    },
  ],
  [NIGHT]: [
    {
      what: 'an interval as a schedule',
      from: "schedule: { cron: '0 3 * * *', timezone: Europe/Berlin }",
      to: 'schedule: { every: 15m }',
    },
    {
      what: 'a cron with seconds, in UTC',
      from: "{ cron: '0 3 * * *', timezone: Europe/Berlin }",
      to: "{ cron: '30 */5 8-18 * * 1-5' }",
    },
    {
      what: 'firings done once, named by their time',
      from: 'order: none',
      to: 'order: none\nonce: { window: 1h }',
      also: [{ file: NIGHT, from: 'to: archives', to: 'to: archives\n      id: event.id' }],
    },
  ],
})
