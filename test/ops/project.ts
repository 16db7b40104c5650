// A fleet that uses everything the language has, for what looks at whole fleets.
import { compileFleet, type CompiledFleet } from '../../workers/compile/compile.ts'
import type { FleetPlan } from '../../workers/core/plan.ts'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FILES } from '../compile/project.ts'

const FLEET = `fleet: shop
prefix: \${SLUICE_PREFIX:-}
connections:
  events: { kafka: { brokers: '\${BROKERS:-localhost:9092}' } }
  work: { rabbitmq: { host: localhost, password: { secret: RABBITMQ_PASSWORD } } }
  hot: { redis: { host: localhost } }
  unused: { redis: { host: localhost } }
topics:
  orders: { in: events, schema: events/order }
  billed: { in: events, schema: events/order, maxBytes: 2MiB }
  orders.dlq: { in: events, deadLetters: true }
  unused: { in: events, schema: events/order }
exchanges:
  by_severity: { in: work, type: topic, schema: events/order }
queues:
  alerts: { in: work, schema: events/order }
  urgent: { in: work, schema: events/order, bindings: [{ exchange: by_severity, key: 'high.#' }] }
jobs:
  reviews: { in: hot, schema: events/order, retention: { completed: 2d } }
caches:
  prices: { in: hot, ttl: 5m, schema: events/order, whenDown: bypass }
  rates: { in: hot, ttl: 1h, schema: events/order, whenDown: bypass }
policies:
  retry:
    patient: { attempts: 9, first: 1s, max: 1m, jitter: full }
  breakers:
    quotes: { window: 50, minimum: 10, failureRate: 50, open: 30s }
`

const PIPELINE = `pipeline: billing
from: { topic: orders }
when: event.data.total > 0
order: key
steps:
  - id: price
    cache: { in: prices, key: event.id, load: { call: quote, input: event.data, caches: [rates] } }
  - id: check
    call: { handler: quote, input: event.data, timeout: 5s, breaker: quotes }
  - id: alert
    when: price.total > 10 && event.id !== "x<y>|z"
    command: { to: alerts, body: '{ total: price.total }' }
  - id: route
    command: { to: by_severity, key: "'high.eu'", body: '{ total: price.total }' }
  - id: review
    job: { to: reviews, delay: 5m, body: '{ total: price.total }' }
  - id: announce
    event: { to: billed, body: '{ total: price.total }' }
failure:
  invalid: { deadLetter: orders.dlq }
  transient: { policy: patient, deadLetter: orders.dlq }
  defect: { deadLetter: orders.dlq }
`

const ROUTES = PIPELINE.replace(
  /steps:[^]*failure/,
  `steps:
  - id: by_total
    when: event.id !== ""
    route:
      branches:
        - when: event.data.total > 10
          steps:
            - id: alert
              command: { to: alerts, body: event.data }
      otherwise:
        steps:
          - id: every_part
            split:
              over: '[event.data]'
              as: part
              steps: [{ id: told, event: { to: billed, body: part } }]
          - id: inner
            route:
              branches:
                - when: event.data.total > 5
                  steps:
                    - id: check
                      when: event.key !== null
                      call: { handler: quote, input: event.data }
              otherwise: { fail: too small }
failure`,
)

export const compiledShop = () => compiled(PIPELINE)

/** The same fleet with routes. */
export const compiledRoutes = () => compiled(ROUTES)

function compiled(pipeline: string): CompiledFleet & { plan: FleetPlan } {
  const root = mkdtempSync(join(tmpdir(), 'sluice-shop-'))
  try {
    const files = { ...FILES, 'pipelines/fleet.yaml': FLEET, 'pipelines/billing.yaml': pipeline }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    const { plan, ...rest } = compileFleet(root)
    if (plan === undefined) throw new Error(JSON.stringify(rest.diagnostics))
    return { plan, ...rest }
  } finally {
    rmSync(root, { recursive: true })
  }
}
