// The corpus of hostile messages on embedded drivers: one dead letter each with a reason, or taken where they are valid, and neighbours untouched.
import { resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { compileProject, loadCode } from '../../workers/cli/project.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Jobs, OutMessage } from '../../workers/core/contract.ts'
import { jobData } from '../../workers/core/job-data.ts'
import type { FleetPlan } from '../../workers/core/plan.ts'
import { createEmbeddedCacheDriver } from '../../workers/drivers/embedded/cache-driver.ts'
import { createEmbeddedJobDriver } from '../../workers/drivers/embedded/job-driver.ts'
import { createEmbeddedLogDriver } from '../../workers/drivers/embedded/log-driver.ts'
import { createEmbeddedQueueDriver } from '../../workers/drivers/embedded/queue-driver.ts'
import { EmbeddedQueues } from '../../workers/drivers/embedded/queues.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../workers/drivers/embedded/state-driver.ts'
import {
  createEmbeddedRegistryDriver,
  EmbeddedRegistry,
} from '../../workers/drivers/embedded/registry.ts'
import { createEmbeddedStoreDriver } from '../../workers/drivers/embedded/store-driver.ts'
import { EmbeddedTopics } from '../../workers/drivers/embedded/topics.ts'
import { Worker } from '../../workers/runtime/worker.ts'
import { createLog } from '../../workers/telemetry/log.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { eventually } from '../support/eventually.ts'
import { KINDS, walk, type Kind, type Numbered } from '../support/hostile-messages.ts'
import { expectFates } from '../support/hostile-verdict.ts'

const PROJECT = resolve(import.meta.dirname, '../e2e/hostile-fleet')
const topics = new EmbeddedTopics()
const queues = new EmbeddedQueues(systemWorld.clock)
const redis = new EmbeddedRedis(systemWorld.clock)
let worker: Worker
afterEach(() => worker.stop())

const bytesOf = (value: string | Uint8Array | null) => (value === null ? null : Buffer.from(value))

/** As a driver of a broker would find it. */
function outMessage(message: Numbered): OutMessage {
  const { n, value, headers = {}, key = 'k', timestamp = 0, id = `m${n}`, properties } = message
  const { type, appId, replyTo, correlationId } = properties ?? {}
  const text = (said: unknown) => said as string
  return {
    id,
    key: key === null ? null : Buffer.from(key),
    value: bytesOf(value(n)),
    headers,
    timestamp,
    contentType: 'application/json',
    ...(type === undefined ? {} : { type: text(type) }),
    ...(appId === undefined ? {} : { source: text(appId) }),
    ...(replyTo === undefined
      ? {}
      : { replyTo: { queue: text(replyTo), correlationId: text(correlationId) } }),
  }
}

const SEND: Readonly<Record<Kind, (message: OutMessage, plan: FleetPlan) => void>> = {
  topic: (message) => topics.get('arrived')?.append(message),
  queue: (message) => void queues.push('asked', message),
  jobs: (message, plan) =>
    redis.jobs.add({ ...plan.jobs['planned'], address: 'planned' } as Jobs, {
      ...message,
      value: message.value ?? Buffer.from('null'),
    }),
}

test('each becomes one dead letter with its reason, or is taken', async () => {
  const lines: string[] = []
  const log = createLog({ env: {}, level: 'debug', stream: { write: (text) => lines.push(text) } })
  const compiled = await compileProject(PROJECT, process.stderr, log)
  const plan = compiled?.plan as FleetPlan
  const pipelines = KINDS.map((kind) => `by_${kind}`)
  const code = await loadCode({ ...compiled, plan } as Parameters<typeof loadCode>[0], pipelines)
  worker = new Worker({
    ...code,
    plan,
    pipelines,
    prefix: '',
    factories: {
      kafka: (_plan, context) => createEmbeddedLogDriver(topics, context),
      rabbitmq: (_plan, context) => createEmbeddedQueueDriver(queues, context),
      redis: (_plan, context) => createEmbeddedCacheDriver(redis.caches, context),
      state: (_plan, context) => createEmbeddedStateDriver(redis.state, context),
      registry: (_plan, context) => createEmbeddedRegistryDriver(new EmbeddedRegistry(), context),
      store: (_plan, context) => createEmbeddedStoreDriver(redis.stores, context),
      jobs: (_plan, context) => createEmbeddedJobDriver(redis.jobs, context),
    },
    checkOf: checkerOf(plan),
    world: systemWorld,
    log,
    tracer: createTracer(systemWorld, {}, log).tracer,
    meter: { processed: () => {} },
  })
  await worker.start()
  for (const kind of KINDS) for (const message of walk(kind)) SEND[kind](outMessage(message), plan)
  await eventually('the worker is idle', () => worker.isIdle(), 60_000)
  const all = (topic: string) =>
    topics.get(topic)?.partitions.flatMap(({ messages }) => messages) ?? []
  const taken = all('taken').map(
    ({ value }) => JSON.parse(String(value)) as { n: number; by: string },
  )
  for (const kind of KINDS)
    expectFates(
      kind,
      all('refused').filter(
        ({ headers }) => String(headers['sluice-dlq-pipeline']) === `by_${kind}`,
      ),
      taken.filter(({ by }) => by === kind).map(({ n }) => n),
      (value) => (kind === 'jobs' ? (jobData(value) ?? value) : value),
    )
  expect(queues.depth('told')).toBe(taken.length)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  // Each line of the log is one line, whatever stood in the messages.
  for (const line of lines) expect(line).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]*\n$/u)
}, 120_000)
