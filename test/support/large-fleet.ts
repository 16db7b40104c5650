// Writes a fleet of many pipelines, ten expressions each, over a few dozen schemas; the same numbers give the same files.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SCHEMAS = 20

/** Ten expressions a pipeline. */
export function writeLargeFleet(root: string, pipelines: number): void {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const schemas = Array.from({ length: Math.min(SCHEMAS, pipelines) }, (_, n) => n)
  const json = (schema: object) => `${JSON.stringify(schema, undefined, 2)}\n`
  write('pipelines/fleet.yaml', fleet(schemas))
  for (const n of schemas) {
    write(`schemas/events/order-${n}.json`, json(order(n)))
    write(`schemas/events/billed-${n}.json`, json(billed(n)))
    write(`schemas/commands/invoice-${n}.json`, json(invoice(n)))
    write(`schemas/values/price-${n}.json`, json(price(n)))
    write(`workers/handlers/quote-${n}.ts`, quote)
    write(`workers/handlers/score-${n}.ts`, score)
  }
  for (let n = 0; n < pipelines; n++)
    write(`pipelines/billing-${n}.yaml`, pipeline(n, n % schemas.length))
}

const fleet = (schemas: readonly number[]) => `fleet: large
connections:
  events: { kafka: { brokers: 'localhost:9092' } }
  work: { rabbitmq: { host: localhost, password: { secret: RABBITMQ_PASSWORD } } }
  hot: { redis: { host: localhost } }
topics:
${schemas.map((n) => `  orders_${n}: { in: events, schema: events/order-${n} }\n  billed_${n}: { in: events, schema: events/billed-${n} }`).join('\n')}
  dlq: { in: events, deadLetters: true, maxBytes: 2MiB }
queues:
${schemas.map((n) => `  invoices_${n}: { in: work, schema: commands/invoice-${n} }`).join('\n')}
caches:
${schemas.map((n) => `  prices_${n}: { in: hot, ttl: 5m, schema: values/price-${n}, whenDown: bypass }`).join('\n')}
`

export const pipeline = (n: number, s: number) => `pipeline: billing-${n}
from: { topic: orders_${s} }
when: event.data.kind === 'placed' && event.data.total > ${n}
order: key
steps:
  - id: price
    cache:
      in: prices_${s}
      key: '[event.data.customer.id, event.data.items]'
      load: { call: quote-${s}, input: event.data }
  - id: risk
    when: price.amount > 100
    call: { handler: score-${s}, input: '{ amount: price.amount, customer: event.data.customer.id }' }
  - id: invoice
    when: risk?.level !== 'high'
    command:
      to: invoices_${s}
      body: |
        { order_id: event.data.order_id, amount: price.amount, currency: price.currency,
          lines: event.data.items.map(item => ({ sku: item.sku, quantity: item.quantity })),
          memo: event.data.note ?? 'none', urgency: price.amount > ${n} ? 'high' : 'low' }
  - id: announce
    when: event.data.items.some(item => item.price > price.amount)
    event:
      to: billed_${s}
      key: event.key
      body: '{ order_id: event.data.order_id, amount: price.amount, risk: risk?.level ?? "low" }'
failure:
  invalid: { deadLetter: dlq }
  transient:
    retry: { attempts: 3, first: 1s, max: 10s, jitter: full }
    deadLetter: dlq
  defect: { deadLetter: dlq }
`

const object = (properties: object, optional: readonly string[] = [], more: object = {}) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
  ...more,
})
const text = { type: 'string', maxLength: 200 }
const number = { type: 'number', minimum: 0 }
const integer = { type: 'integer', minimum: 1 }
const closed = { additionalProperties: false }
const currency = { enum: ['EUR', 'USD'] }

const order = (n: number) => ({
  title: `Order${n}`,
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [{ $ref: '#/$defs/placed' }, { $ref: '#/$defs/cancelled' }, { $ref: '#/$defs/shipped' }],
  $defs: {
    placed: object(
      {
        kind: { const: 'placed' },
        order_id: text,
        customer: object({ id: integer, country: text }),
        items: { type: 'array', items: { $ref: '#/$defs/item' } },
        total: number,
        note: text,
      },
      ['note'],
    ),
    cancelled: object({ kind: { const: 'cancelled' }, order_id: text, reason: text }),
    shipped: object({ kind: { const: 'shipped' }, order_id: text, at: text }),
    item: object({ sku: text, quantity: integer, price: number }),
  },
})
const billed = (n: number) => ({
  title: `Billed${n}`,
  ...object({ order_id: text, amount: number, risk: { enum: ['low', 'high'] } }, [], closed),
})
const invoice = (n: number) => ({
  title: `Invoice${n}`,
  ...object(
    {
      order_id: text,
      amount: number,
      currency,
      lines: { type: 'array', items: object({ sku: text, quantity: integer }, [], closed) },
      memo: text,
      urgency: { enum: ['low', 'medium', 'high'] },
    },
    ['memo'],
    closed,
  ),
})
const price = (n: number) => ({
  title: `Price${n}`,
  ...object({ amount: number, currency }, [], closed),
})

const quote = `interface Placed { order_id: string; items: { price: number }[] }
export default ({ items }: Placed): { amount: number; currency: 'EUR' | 'USD' } =>
  ({ amount: items.reduce((sum, { price }) => sum + price, 0), currency: 'EUR' })
`
const score = `export default async ({ amount }: { amount: number; customer: number }) =>
  ({ level: amount > 1000 ? 'high' as const : 'low' as const, amount })
`
