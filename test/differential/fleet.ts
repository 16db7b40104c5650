// A shop whose pipelines have, between them, every kind of source and of step; what its handlers do depends on the order alone.
import { permanent, type Handler } from '../../workers/core/handler.ts'
import { fate } from '../../workers/simulation/chance.ts'

const FLEET = `fleet: shop
connections:
  events: { kafka: { brokers: '\${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}' } }
  others: { kafka: { brokers: '\${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', client: platformatic } }
  work:
    rabbitmq:
      host: \${RABBITMQ_HOST:-localhost}
      port: \${RABBITMQ_PORT:-5672}
      user: \${RABBITMQ_USER:-guest}
      password: { secret: RABBITMQ_PASSWORD }
      vhost: \${RABBITMQ_VIRTUAL_HOST:-/}
  hot: { redis: { host: '\${REDIS_HOST:-localhost}', port: '\${REDIS_PORT:-6379}' } }
state: { in: hot }
topics:
  orders: { in: events, partitions: 3, schema: events/order, envelope: { id: data.id } }
  orders_of_others: { in: others, partitions: 3, schema: events/order, envelope: { id: data.id } }
  billed_to_others: { in: others, partitions: 3, schema: events/bill }
  corrections: { in: events, partitions: 2, schema: events/order, tombstones: deliver, envelope: { id: data.id } }
  returns: { in: events, schema: events/order, tombstones: skip, envelope: { id: data.id } }
  billed: { in: events, partitions: 3, schema: events/bill }
  letters: { in: events, deadLetters: true }
exchanges:
  notices: { in: work, type: topic, schema: events/bill }
queues:
  orders_in: { in: work, schema: events/order, envelope: { id: data.id } }
  orders_to_park: { in: work, schema: events/order, envelope: { id: data.id } }
  orders_in_order: { in: work, singleActiveConsumer: true, schema: events/order, envelope: { id: data.id } }
  quotes: { in: work, schema: events/order, reply: events/bill }
  alerts: { in: work, schema: events/bill }
  large: { in: work, schema: events/bill, bindings: [{ exchange: notices, key: 'large.#' }] }
  all: { in: work, schema: events/bill, bindings: [{ exchange: notices, key: '#' }] }
  letters_stream: { in: work, type: stream, deadLetters: true }
jobs:
  orders_to_do: { in: hot, schema: events/order }
  orders_for_later: { in: hot, schema: events/order }
  bills: { in: hot, schema: events/bill }
caches:
  prices: { in: hot, ttl: 5m, as: hash, schema: events/bill, whenDown: fail }
stores:
  totals: { in: hot, as: hash, ttl: 1h, schema: events/bill }
`

const ORDER = {
  type: 'object',
  required: ['id', 'sku', 'parts'],
  properties: {
    id: { type: 'string' },
    sku: { enum: ['pen', 'ink', 'desk', 'free', 'Ä 😀'] },
    note: { type: 'string', maxLength: 30 },
    parts: { type: 'array', maxItems: 4, items: { type: 'integer', minimum: 0, maximum: 9 } },
  },
}
const BILL = {
  type: 'object',
  required: ['total'],
  properties: { total: { type: 'number', minimum: 0 }, note: { type: 'string' } },
  additionalProperties: false,
}

/** Every step but those that ask and those that need records. */
const STEPS = `steps:
  - id: price
    cache: { in: prices, key: event.data.sku, load: { call: quote, input: event.data.sku } }
  - id: size
    map: { value: event.data.parts.length }
  - id: check
    call: { handler: charge, input: event.data, timeout: 5s }
  - id: by_size
    route:
      branches:
        - when: size > 2
          steps:
            - id: tell
              command: { to: notices, key: "'large.' + size", body: '{ total: size, note: event.data.id }' }
        - when: size > 0
          steps:
            - id: each
              split:
                over: event.data.parts
                as: part
                limit: 10
                steps:
                  - id: look
                    call: { handler: charge, input: '({ id: event.data.id, part })', timeout: 5s }
                  - id: of_part
                    event: { to: billed, body: '{ total: part, note: event.data.id }' }
      otherwise: { fail: nothing to sell }
  - id: alert
    when: price.total > 100
    command: { to: alerts, body: '{ total: price.total, note: event.data.id }' }
  - id: book
    job: { to: bills, body: '{ total: price.total, note: event.data.id }' }
  - id: remember
    store: { in: totals, key: event.data.id, value: '{ total: price.total, note: event.data.sku }' }
  - id: announce
    event: { to: billed, key: event.data.sku, body: '{ total: price.total, note: event.data.id }' }
`

const failure = (letters: string, retry = '') => `failure:
  invalid: { deadLetter: ${letters} }
  transient:
    retry: { attempts: 3, first: 20ms, max: 50ms, jitter: none${retry} }
    deadLetter: ${letters}
  defect: { deadLetter: ${letters} }
`

interface Written {
  readonly head: string
  readonly steps?: string
  readonly letters?: string
  readonly retry?: string
}

const WRITTEN: Readonly<Record<string, Written>> = {
  by_key: { head: "from: { topic: orders }\nwhen: event.data.sku !== 'free'\norder: key\n" },
  by_key_on_the_other_client: {
    head: 'from: { topic: orders_of_others }\norder: key\n',
    steps: STEPS.replaceAll('to: billed,', 'to: billed_to_others,'),
  },
  by_partition: { head: 'from: { topic: returns }\norder: partition\nonce: { window: 1d }\n' },
  corrected: {
    head: 'from: { topic: corrections }\norder: key\n',
    steps: `steps:
  - id: gone
    when: event.data === null
    event: { to: billed, body: '{ total: 0, note: event.id }' }
  - id: announce
    when: event.data !== null
    event: { to: billed, body: "{ total: event.data?.parts.length ?? 0 }" }
`,
  },
  parked: {
    head: 'from: { topic: orders }\norder: none\n',
    retry: ', park: { after: 1, tiers: [1s] }',
  },
  deduped: {
    head: 'from: { topic: returns }\norder: partition\n',
    steps: STEPS.replace(
      'steps:\n',
      "steps:\n  - id: fresh\n    dedupe: { key: '[event.data.sku, event.data.parts]', window: 1h }\n",
    ),
  },
  windowed: {
    head: 'from: { topic: returns }\norder: partition\n',
    steps: `steps:
  - id: closed
    window:
      by: event.data.sku
      at: event.data.parts.reduce((sum, part) => sum + part, 0) * 1000
      every: 3s
      late: 1s
      measure: { parts: event.data.parts.length, first: 'event.data.parts[0]' }
  - id: each
    split:
      over: closed
      as: row
      id: row.id
      steps:
        - id: announce
          event:
            to: billed
            key: row.group
            body: '{ total: row.count, note: \`\${row.start} \${row.parts.sum} \${row.first.avg ?? 0}\` }'
`,
  },
  asking: {
    head: 'from: { topic: orders }\norder: key\n',
    steps: `steps:
  - id: quote
    request: { to: quotes, body: '{ id: event.data.id, sku: event.data.sku, parts: [] }', timeout: 5s }
  - id: announce
    event: { to: billed, body: '{ total: quote.total, note: event.data.id }' }
`,
  },
  of_queue: { head: 'from: { queue: orders_in }\norder: none\n', letters: 'letters_stream' },
  parked_of_queue: {
    head: 'from: { queue: orders_to_park }\norder: none\n',
    retry: ', park: { after: 1, tiers: [1s] }',
  },
  of_queue_in_order: { head: 'from: { queue: orders_in_order }\norder: key\n' },
  answering: {
    head: 'from: { queue: quotes }\norder: none\n',
    steps: `steps:
  - id: price
    call: { handler: charge, input: event.data, timeout: 5s }
reply: '{ total: event.data.parts.length, note: event.data.id }'
`,
  },
  of_jobs: { head: 'from: { jobs: orders_to_do }\norder: none\n', letters: 'orders_to_do' },
  parked_of_jobs: {
    head: 'from: { jobs: orders_for_later }\norder: none\n',
    letters: 'orders_for_later',
    retry: ', park: { after: 1, tiers: [1s] }',
  },
  of_schedule: {
    head: "from: { schedule: { cron: '0 3 * * *', timezone: UTC }, in: hot }\norder: none\n",
    steps: `steps:
  - id: announce
    event: { to: billed, key: event.data.scheduled_at, body: '{ total: 1, note: event.data.scheduled_at }' }
`,
  },
}

export const PIPELINES: readonly string[] = Object.keys(WRITTEN)

export const FILES: Readonly<Record<string, string>> = {
  'pipelines/fleet.yaml': FLEET,
  'schemas/events/order.json': JSON.stringify(ORDER),
  'schemas/events/bill.json': JSON.stringify(BILL),
  'workers/handlers/quote.ts': 'export default () => ({ total: 5 })',
  'workers/handlers/charge.ts': 'export default () => ({})',
  ...Object.fromEntries(
    Object.entries(WRITTEN).map(([name, { head, steps = STEPS, letters = 'letters', retry }]) => [
      `pipelines/${name}.yaml`,
      `pipeline: ${name}\n${head}${steps}${failure(letters, retry)}`,
    ]),
  ),
}

/** One in so many orders is refused for good, never works out, or does with its second or third attempt. */
export const handlersOf = (seed: number): Readonly<Record<string, Handler<unknown, unknown>>> => ({
  quote: (sku) => ({ total: Math.floor(fate(seed, JSON.stringify(sku)) * 200) }),
  charge(order, { message }) {
    const luck = fate(seed, JSON.stringify(order))
    if (luck < 0.04) throw permanent('no such\ncard 😀')
    if (luck < 0.08) throw new Error('never')
    if (luck < 0.2 && message.attempt < 2 + (Math.floor(luck * 1e4) % 2)) throw new Error('not now')
    return {}
  },
})
