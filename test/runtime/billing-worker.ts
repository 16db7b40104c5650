// A worker of one pipeline on embedded drivers, what it reads and what it leaves; each test file has its own.
import { afterEach, beforeEach, expect } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Intake, LogDriver, LogSource, OutMessage } from '../../workers/core/contract.ts'
import type { Handler } from '../../workers/core/handler.ts'
import type { FleetPlan } from '../../workers/core/plan.ts'
import type { StepRun } from '../../workers/core/step-run.ts'
import { createEmbeddedJobDriver } from '../../workers/drivers/embedded/job-driver.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import {
  createEmbeddedRegistryDriver,
  EmbeddedRegistry,
} from '../../workers/drivers/embedded/registry.ts'
import { createEmbeddedStoreDriver } from '../../workers/drivers/embedded/store-driver.ts'
import { createEmbeddedStateDriver } from '../../workers/drivers/embedded/state-driver.ts'
import { createEmbeddedCacheDriver } from '../../workers/drivers/embedded/cache-driver.ts'
import { createEmbeddedLogDriver } from '../../workers/drivers/embedded/log-driver.ts'
import { createEmbeddedQueueDriver } from '../../workers/drivers/embedded/queue-driver.ts'
import { EmbeddedQueues } from '../../workers/drivers/embedded/queues.ts'
import { EmbeddedTopics } from '../../workers/drivers/embedded/topics.ts'
import { Worker } from '../../workers/runtime/worker.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { compile, edited, FLEET } from '../compile/project.ts'

/** call → command → event, retries that take milliseconds. */
export const FLOW = `pipeline: billing
from: { topic: orders }
order: key
concurrency: 8
window: 20
steps:
  - id: quote
    call: { handler: quote, input: event.data }
  - id: alert
    command: { to: alerts, body: '{ total: quote.total }' }
  - id: charge
    call: { handler: charge, input: event.data }
  - id: announce
    event: { to: billed, body: '{ total: quote.total }' }
failure:
  invalid: { deadLetter: orders.dlq }
  transient:
    retry: { attempts: 3, first: 1ms, max: 2ms, jitter: none }
    deadLetter: orders.dlq
  defect: { deadLetter: orders.dlq }
  guard: { of: 10, tolerate: 4, then: pause }
`

export let topics: EmbeddedTopics
export let queues: EmbeddedQueues
let redis: EmbeddedRedis
let workers: Worker[]
export let handlers: Record<string, Handler<unknown, unknown>>
export const log = recordedLog()
/** Of each source, as the driver has it, and what it was started with. */
export let sources: { readonly source: LogSource; readonly intake: Intake }[]

beforeEach(() => {
  topics = new EmbeddedTopics()
  queues = new EmbeddedQueues(systemWorld.clock)
  redis = new EmbeddedRedis(systemWorld.clock)
  workers = []
  sources = []
  handlers = {
    quote: (input) => ({ total: (input as { total: number }).total }),
    charge: () => ({}),
  }
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
})

function observed(driver: LogDriver): LogDriver {
  return {
    ...driver,
    source(options) {
      const source = driver.source(options)
      const start = source.start.bind(source)
      source.start = (intake) => {
        sources.push({ source, intake })
        return start(intake)
      }
      return source
    },
  }
}

/** Not started yet. */
export async function makeWorker(flow = FLOW, drainWithin = '20s', fleet = FLEET): Promise<Worker> {
  const { plan, modules, diagnostics } = compile({
    'pipelines/billing.yaml': flow,
    'workers/handlers/charge.ts': 'export default () => ({})',
    'pipelines/fleet.yaml': edited(
      'fleet: shop',
      `fleet: shop\ndrain: { within: ${drainWithin} }`,
      fleet,
    ),
  })
  expect(diagnostics).toEqual([])
  const source = (modules['billing'] as string).replace(/^import .*$/m, 'const $key = (key) => key')
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    accepts: undefined
    steps: (event: unknown, run: StepRun) => Promise<void>
  }
  const worker = new Worker({
    plan: plan as FleetPlan,
    prefix: '',
    pipelines: ['billing'],
    modules: { billing: module },
    handlers,
    factories: {
      kafka: (_plan, context) => observed(createEmbeddedLogDriver(topics, context)),
      rabbitmq: (_plan, context) => createEmbeddedQueueDriver(queues, context),
      redis: (_plan, context) => createEmbeddedCacheDriver(redis.caches, context),
      state: (_plan, context) => createEmbeddedStateDriver(redis.state, context),
      registry: (_plan, context) => createEmbeddedRegistryDriver(new EmbeddedRegistry(), context),
      store: (_plan, context) => createEmbeddedStoreDriver(redis.stores, context),
      jobs: (_plan, context) => createEmbeddedJobDriver(redis.jobs, context),
    },
    checkOf: () => (value) => (typeof value === 'object' ? undefined : 'must be object'),
    world: systemWorld,
    log,
    tracer: createTracer(systemWorld, {}, log).tracer,
    meter: { processed: () => {} },
  })
  workers.push(worker)
  return worker
}

export async function startWorker(
  flow = FLOW,
  drainWithin = '20s',
  fleet = FLEET,
): Promise<Worker> {
  const worker = await makeWorker(flow, drainWithin, fleet)
  await worker.start()
  return worker
}

export function put(
  total: number,
  key = 'k',
  value: string | null = JSON.stringify({ total }),
): void {
  topics.create('orders', 1, 1_048_588)
  topics.get('orders')?.append({
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: {},
    timestamp: 0,
  })
}

export const totals = (messages: readonly Pick<OutMessage, 'value'>[]) =>
  messages.map(
    ({ value }) => (JSON.parse(String(Buffer.from(value ?? []))) as { total: number }).total,
  )
export const billed = () =>
  topics.get('billed')?.partitions.flatMap(({ messages }) => messages) ?? []
export const letters = () =>
  topics.get('orders.dlq')?.partitions.flatMap(({ messages }) => messages) ?? []
export const committed = () => topics.group('billing', 'orders')?.offsets.get(0)?.next
export const counts = (worker: Worker) => worker.counts.pipelines['billing']
export const idle = (worker: Worker) => eventually('the worker is idle', () => worker.isIdle())
