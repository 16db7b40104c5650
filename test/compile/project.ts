// Makes a project of a few files in a temporary folder and compiles it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compileFleet, type CompiledFleet } from '../../workers/compile/compile.ts'

export const FLEET = `fleet: shop
connections:
  events: { kafka: { brokers: 'localhost:9092' } }
  work: { rabbitmq: { host: localhost, password: { secret: RABBITMQ_PASSWORD } } }
  hot: { redis: { host: localhost } }
topics:
  orders: { in: events, schema: events/order }
  billed: { in: events, schema: events/order }
  orders.dlq: { in: events, deadLetters: true, maxBytes: 2MiB }
queues:
  alerts: { in: work, schema: events/order }
caches:
  prices: { in: hot, ttl: 5m, schema: events/order, whenDown: bypass }
workers:
  all: { pipelines: [billing] }
`

export const PIPELINE = `pipeline: billing
from: { topic: orders }
when: event.data.total > 0
order: key
steps:
  - id: price
    cache:
      in: prices
      key: event.data.sku
      load: { call: quote, input: event.data }
  - id: alert
    when: price.total > 10
    command: { to: alerts, body: '{ total: price.total }' }
  - id: announce
    event: { to: billed, body: '{ total: price.total }' }
failure:
  invalid: { deadLetter: orders.dlq }
  transient:
    retry: { attempts: 3, first: 1s, max: 10s, jitter: full }
    deadLetter: orders.dlq
  defect: { deadLetter: orders.dlq }
`

export const FILES: Readonly<Record<string, string>> = {
  'pipelines/fleet.yaml': FLEET,
  'pipelines/billing.yaml': PIPELINE,
  'schemas/events/order.json': '{"type":"object","properties":{"total":{"type":"number"}}}',
  'workers/handlers/quote.ts': 'export default () => ({ total: 1 })',
}

/** The same without a mistake in its types either. */
export const TYPED_FILES: Readonly<Record<string, string>> = {
  ...FILES,
  'pipelines/billing.yaml': edited('event.data.sku', 'event.data.total'),
  'schemas/events/order.json':
    '{"type":"object","properties":{"total":{"type":"number"}},"required":["total"]}',
}

export function compile(
  changes: Readonly<Record<string, string | Uint8Array>> = {},
): CompiledFleet {
  const root = mkdtempSync(join(tmpdir(), 'sluice-compile-'))
  try {
    for (const [file, text] of Object.entries({ ...FILES, ...changes })) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    return compileFleet(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** The pipeline with one text replaced; fails when there is nothing to replace. */
export function edited(from: string, to: string, text = PIPELINE): string {
  if (!text.includes(from)) throw new Error(`nothing like "${from}" to replace`)
  return text.replace(from, to)
}

/** `file:line:column code` of each diagnostic. */
export const faults = ({ diagnostics }: CompiledFleet): string[] =>
  diagnostics.map(
    ({ file, line, column, code }) => `${file.replace('pipelines/', '')}:${line}:${column} ${code}`,
  )
