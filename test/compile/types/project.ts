// A shop whose pipelines are checked all at once: each case is a pipeline of its own, so that one run of TypeScript answers all.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Diagnostic } from '../../../workers/core/diagnostic.ts'
import { compileFleet, type CompiledFleet } from '../../../workers/compile/compile.ts'
import { checkTypes } from '../../../workers/compile/types/check.ts'

export const FLEET = `fleet: shop
connections:
  events: { kafka: { brokers: 'localhost:9092' } }
  work: { rabbitmq: { host: localhost, password: { secret: RABBITMQ_PASSWORD } } }
  hot: { redis: { host: localhost } }
topics:
  orders: { in: events, schema: events/order }
  changes: { in: events, schema: events/order, tombstones: deliver }
  billed: { in: events, schema: events/billed }
  orders.dlq: { in: events, deadLetters: true, maxBytes: 2MiB }
exchanges:
  notices: { in: work, type: topic, schema: commands/notice }
queues:
  invoices: { in: work, schema: commands/invoice }
  totals: { in: work, schema: commands/total }
  notes: { in: work, schema: commands/notice, bindings: [{ exchange: notices, key: '#' }] }
caches:
  prices: { in: hot, ttl: 5m, schema: values/price, whenDown: bypass }
  ratings: { in: hot, ttl: 5m, schema: values/rating, whenDown: bypass, absent: { ttl: 10s } }
`

export const PIPELINE = `pipeline: NAME
from: { topic: orders }
when: event.data.kind === 'placed'
order: key
steps:
  - id: price
    cache:
      in: prices
      key: '[event.data.customer.id, event.data.items]'
      load: { call: quote, input: event.data }
  - id: risk
    when: price.amount > 100
    call: { handler: score, input: '{ amount: price.amount, customer: event.data.customer.id }' }
  - id: invoice
    command:
      to: invoices
      body: |
        { order_id: event.data.order_id, amount: price.amount, currency: price.currency, urgency: 'low',
          lines: event.data.items.map(item => ({ sku: item.sku, quantity: item.quantity })),
          memo: event.data.note }
  - id: notice
    when: risk?.level === 'high'
    command:
      to: notices
      key: "\`risk.\${event.data.customer.country}\`"
      body: >-
        { order_id: event.data.order_id,
          text: \`customer \${event.data.customer.id} is a risk\` }
  - id: announce
    event: { to: billed, key: event.key, body: '{ order_id: event.data.order_id, amount: price.amount }' }
failure:
  invalid: { deadLetter: orders.dlq }
  transient:
    retry: { attempts: 3, first: 1s, max: 10s, jitter: full }
    deadLetter: orders.dlq
  defect: { deadLetter: orders.dlq }
`

const object = (properties: object, optional: readonly string[] = [], more: object = {}) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
  ...more,
})
const text = { type: 'string' }
const number = { type: 'number' }
const closed = { additionalProperties: false }
const currency = { enum: ['EUR', 'USD'] }

export const SCHEMAS: Readonly<Record<string, object>> = {
  'events/order': {
    title: 'Order',
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [{ $ref: '#/$defs/placed' }, { $ref: '#/$defs/cancelled' }],
    $defs: {
      placed: object(
        {
          kind: { const: 'placed' },
          order_id: text,
          customer: object({
            id: { type: 'integer' },
            country: text,
            email: { type: ['string', 'null'] },
          }),
          items: { type: 'array', items: { $ref: '#/$defs/item' } },
          total: number,
          note: text,
          gift: { type: 'boolean' },
          extras: { type: 'object' },
          tags: { type: 'object', additionalProperties: text },
        },
        ['note', 'gift', 'extras', 'tags'],
      ),
      cancelled: object({
        kind: { const: 'cancelled' },
        order_id: text,
        reason: { enum: ['late', 'broken'] },
      }),
      item: object({ sku: text, quantity: { type: 'integer' }, price: number }),
    },
  },
  'events/billed': object({ order_id: text, amount: number }, [], closed),
  'commands/invoice': object(
    {
      order_id: text,
      amount: { type: 'number', minimum: 0, maximum: 100_000 },
      currency,
      urgency: { enum: ['low', 'medium', 'high'] },
      lines: {
        type: 'array',
        items: object({ sku: text, quantity: { type: 'integer', minimum: 1 } }, [], closed),
      },
      copies: { type: 'integer' },
      memo: { type: 'string', maxLength: 20 },
      code: { type: 'string', pattern: '^[A-Z]{3}$' },
      due: { type: 'string', format: 'date-time' },
    },
    ['copies', 'memo', 'code', 'due'],
    closed,
  ),
  'commands/notice': object({ order_id: text, text }, [], closed),
  'commands/total': object({ amount: number, currency }, [], closed),
  'values/price': {
    title: 'Price',
    ...object({ amount: number, currency, discount: number }, ['discount'], closed),
  },
  'values/rating': { title: 'Rating', ...object({ stars: { type: 'integer' } }, [], closed) },
}

export const HANDLERS: Readonly<Record<string, string>> = {
  quote: `interface Placed { order_id: string; items: { sku: string; quantity: number; price: number }[] }
const quote = (order: Placed): { amount: number; currency: 'EUR' | 'USD' } =>
  ({ amount: order.items.reduce((sum, { price }) => sum + price, 0), currency: 'EUR' })
export default quote
`,
  score: `export default async function score({ amount }: { amount: number; customer: number }) {
  return { level: amount > 1000 ? 'high' as const : 'low' as const, reasons: ['amount'] }
}
`,
  free: 'export default () => ({ amount: 1, currency: "EUR" as string })\n',
  rate: `export default (customer: number) => (customer > 0 ? { stars: 5 } : null)\n`,
  constant: 'export default 42\n',
  typo: `export default (order: { order_id: string }) => {
  return { amount: order.order_idd.length, currency: 'EUR' as const }
}
`,
  whole: `export default (event: { id: string; key: string | null; data: { kind: 'placed'; total: number } }) =>
  event.data.total
`,
}

export interface Project {
  readonly root: string
  remove(): void
}

/** Files by path; what is left out is as above. */
export function project(files: Readonly<Record<string, string>>): Project {
  const root = mkdtempSync(join(tmpdir(), 'sluice-types-'))
  const all = {
    'pipelines/fleet.yaml': FLEET,
    ...Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, schema]) => [
        `schemas/${name}.json`,
        JSON.stringify(schema),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(HANDLERS).map(([name, code]) => [`workers/handlers/${name}.ts`, code]),
    ),
    ...files,
  }
  for (const [file, content] of Object.entries(all)) write(root, file, content)
  return { root, remove: () => rmSync(root, { recursive: true }) }
}

export function write(root: string, file: string, content: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), content)
}

export async function check(root: string): Promise<CompiledFleet> {
  const checked = await checkTypes(compileFleet(root))
  if (checked === undefined) throw new Error('TypeScript is not installed')
  return checked
}

/** Each replacement once; fails where there is nothing to replace. */
export const edited = (edits: readonly (readonly [string, string])[], name: string): string =>
  edits.reduce(
    (yaml, [from, to]) => {
      if (!yaml.includes(from)) throw new Error(`nothing like "${from}" to replace`)
      return yaml.replace(from, () => to)
    },
    PIPELINE.replace('NAME', name),
  )

/** What is underlined, between « and »; and the YAML without these. */
export function marked(yaml: string) {
  const before = (yaml.split('«')[0] ?? '').split('\n')
  const place = yaml.includes('«')
    ? {
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
        text: /«([^»]*)»/.exec(yaml)?.[1],
      }
    : undefined
  return { yaml: yaml.replace(/[«»]/g, ''), place }
}

/** What a diagnostic underlines in a text. */
export function shown(yaml: string, { line, column, length }: Diagnostic) {
  const text = (yaml.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length)
  return { line, column, text }
}
