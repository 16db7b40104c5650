// A small shop on disk, its pipeline tests compiled and run as the command does it; handlers are plain functions of the test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { createComposition } from '../../workers/composition.ts'
import type { Handler } from '../../workers/core/handler.ts'
import { silentLog } from '../../workers/core/log.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { compileTests, type CompiledTests } from '../../workers/testing/compile.ts'
import { testFileNames } from '../../workers/testing/files.ts'
import { textReport } from '../../workers/testing/report-text.ts'
import type { TestRun } from '../../workers/testing/result.ts'
import { runCases } from '../../workers/testing/run.ts'
import { embeddedStage, type Stage } from '../../workers/testing/stage.ts'

const FLEET = `fleet: shop
connections:
  events: { kafka: { brokers: '\${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}' } }
  work:
    rabbitmq:
      host: \${RABBITMQ_HOST:-localhost}
      port: \${RABBITMQ_PORT:-5672}
      user: \${RABBITMQ_USER:-guest}
      password: { secret: RABBITMQ_PASSWORD }
      vhost: \${RABBITMQ_VIRTUAL_HOST:-/}
  hot: { redis: { host: '\${REDIS_HOST:-localhost}', port: '\${REDIS_PORT:-6379}' } }
topics:
  orders: { in: events, partitions: 2, schema: events/order, envelope: { id: data.id } }
  billed: { in: events, schema: events/bill }
  orders.dlq: { in: events, deadLetters: true, maxBytes: 2MiB }
  unused: { in: events, schema: events/bill }
exchanges:
  notices: { in: work, type: topic, schema: events/bill }
queues:
  alerts: { in: work, schema: events/bill }
  idle: { in: work, schema: events/bill, bindings: [{ exchange: notices, key: 'dear.#' }] }
caches:
  prices: { in: hot, ttl: 5m, schema: events/bill, whenDown: bypass }
`

/** Waits of half a minute between attempts. */
const PIPELINE = `pipeline: billing
from: { topic: orders }
when: event.data.sku !== 'free'
order: key
steps:
  - id: price
    cache:
      in: prices
      key: event.data.sku
      load: { call: quote, input: event.data }
  - id: alert
    when: price.total > 100
    command: { to: alerts, body: '{ total: price.total }' }
  - id: settle
    call: { handler: charge, input: event.data }
  - id: announce
    event: { to: billed, body: '{ total: price.total }' }
failure:
  invalid: { deadLetter: orders.dlq }
  transient:
    retry: { attempts: 4, first: 30s, max: 30s, jitter: none }
    deadLetter: orders.dlq
  defect: { deadLetter: orders.dlq }
  guard: { of: 10, tolerate: 2, then: pause }
`

const ORDER = {
  type: 'object',
  required: ['id', 'sku'],
  properties: { id: { type: 'string' }, sku: { type: 'string' } },
}
const BILL = {
  type: 'object',
  required: ['total'],
  properties: { total: { type: 'number', minimum: 0 }, note: { type: 'string' } },
  additionalProperties: false,
}

export const FILES: Readonly<Record<string, string>> = {
  'pipelines/fleet.yaml': FLEET,
  'pipelines/billing.yaml': PIPELINE,
  'schemas/events/order.json': JSON.stringify(ORDER),
  'schemas/events/bill.json': JSON.stringify(BILL),
  'workers/handlers/quote.ts': 'export default () => ({ total: 5 })',
  'workers/handlers/charge.ts': 'export default () => ({})',
}

export const HANDLERS: Readonly<Record<string, Handler<unknown, unknown>>> = {
  quote: () => ({ total: 5 }),
  charge: () => ({}),
}

/** A test file of one case: `given` and `expect` as YAML, which may take several lines. */
export const oneCase = (given: string, expect: string, name = 'the case'): string =>
  `pipeline: billing
cases:
  - name: ${name}
    given:
${indented(given)}
    expect:
${indented(expect)}
`

const indented = (yaml: string) =>
  yaml
    .trim()
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n')

/** An order by its id. */
export const order = (id: string, more = ''): string =>
  `{ key: ${id[0] ?? ''}, value: { id: ${id}, sku: ${id} }${more} }`

export async function inProject<T>(
  files: Readonly<Record<string, string>>,
  work: (root: string) => T | Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-testing-'))
  try {
    for (const [file, text] of Object.entries({ ...FILES, ...files })) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    return await work(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

export const compileOne = (text: string, more: Readonly<Record<string, string>> = {}) =>
  inProject({ ...more, 'pipelines/billing.test.yaml': text }, (root): CompiledTests =>
    compileTests(root, compileFleet(root), testFileNames(root)),
  )

export interface Ran extends TestRun {
  /** What a person would read, without colour and times. */
  readonly text: string
}

/** Fails with the diagnostics of a file that is not as it should be. */
export function runOne(
  text: string,
  handlers = HANDLERS,
  more: Readonly<Record<string, string>> = {},
  stageFor?: () => Stage,
): Promise<Ran> {
  return inProject({ ...more, 'pipelines/billing.test.yaml': text }, async (root) => {
    const compiled = compileFleet(root)
    const { files, diagnostics } = compileTests(root, compiled, testFileNames(root))
    const { plan } = compiled
    const faults = [...compiled.diagnostics, ...diagnostics]
    if (faults.length > 0 || plan === undefined) throw new Error(JSON.stringify(faults, null, 1))
    const built = buildModules({ ...compiled, plan }, ['billing'])['billing'] as string
    const module = (await import(pathToFileURL(built).href)) as PipelineModule
    const { embedded, world } = createComposition({})
    const report = textReport(root, { color: false })
    let printed = ''
    const cases = await runCases({
      code: { plan, modules: { billing: module }, handlers, checkOf: checkerOf(plan) },
      files,
      chosen: () => true,
      world,
      log: silentLog,
      stageFor: stageFor ?? (() => embeddedStage(embedded, world)),
      onResult: (result) => (printed += report.caseText(result)),
    })
    const run = { cases, real: false, durationMs: 0 }
    return { ...run, text: printed.replace(/^( {2}[✓✗] .*?) {2}[\d.]+ m?s/gm, '$1') }
  })
}

/** `line:column message` of each failure of the only case. */
export const failuresOf = ({ cases }: TestRun): string[] =>
  (cases[0]?.failures ?? []).map(({ at, message }) => `${at.line}:${at.column} ${message}`)
