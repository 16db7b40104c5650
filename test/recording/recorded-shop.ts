// A shop whose pipelines have every kind of step, run once over a seeded history on embedded brokers: live, or as a shadow without a way out.
import { createComposition } from '../../workers/composition.ts'
import { makeWorker } from '../../workers/cli/make-worker.ts'
import { openRecording, type RecordingOptions } from '../../workers/cli/recording/recording.ts'
import { topicAt } from '../../workers/core/address.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import type { LogDriver, OutMessage } from '../../workers/core/contract.ts'
import type { Handler } from '../../workers/core/handler.ts'
import { silentLog } from '../../workers/core/log.ts'
import type { FleetPlan, PipelinePlan, TopicFromPlan } from '../../workers/core/plan.ts'
import type { Counts } from '../../workers/core/telemetry.ts'
import type { DriverFactories } from '../../workers/runtime/connections.ts'
import type { Composition, Telemetry } from '../../workers/cli/composition.ts'
import { handlersOf } from '../differential/fleet.ts'
import { historyOf, type Code } from '../differential/run.ts'
import { eventually } from '../support/eventually.ts'

const composition: Composition = { ...createComposition({}), log: silentLog }

const telemetry: Telemetry = composition.telemetry(
  () => ({
    pipelines: {},
    sent: {},
    caches: {},
    breakers: {},
    requests: {},
    replies: {},
    windows: {},
  }),
  { complete: false },
)

const context = { world: systemWorld, log: silentLog, origin: 'test', clientId: 'test' }

export interface Played {
  readonly counts: Counts
  /** Messages on each topic of the fleet in the end. */
  readonly held: Readonly<Record<string, number>>
  readonly shadows: readonly boolean[]
}

/** `trapped`: brokers that only a source may be had of; anything else that is asked of them throws, and fails the test. */
export async function play(
  code: Code,
  name: string,
  seed: number,
  options: RecordingOptions,
  { trapped, count = 60 }: { readonly trapped: boolean; readonly count?: number },
): Promise<Played> {
  const { plan, modules } = code
  const { factories } = composition.embedded(systemWorld)
  const { topic } = (plan.pipelines[name] as PipelinePlan).from as TopicFromPlan
  const driver = factories.kafka(connectionOf(plan, topic), context)
  await driver.connect()
  const made = trapped ? [topic] : Object.keys(plan.topics)
  await driver.ensureTopics(
    made.map((one) => topicAt('', plan.topics[one] as FleetPlan['topics'][string])),
  )
  const sink = driver.sink(topicAt('', plan.topics[topic] as FleetPlan['topics'][string]))
  for (const [at, { key, bytes, headers }] of historyOf(code, name, seed, count).given.entries())
    await sink.send(messageOf(at, key, bytes, headers))

  const brokers = {
    factories: trapped ? traps(factories) : factories,
    embedded: false,
  }
  const fleet = { plan, pipelines: [name] }
  const recording = await openRecording(options, fleet, brokers, composition)
  if (recording === undefined) throw new Error('it is recorded')
  const shadows: boolean[] = []
  const worker = makeWorker(
    {
      plan: recording.plan,
      pipelines: [name],
      code: { modules, handlers: noting(handlersOf(seed), shadows) },
      factories: recording.factories,
      telemetry: { tracer: recording.tracer(telemetry.tracer), meter: telemetry.meter },
      watch: recording.watch,
      shadow: recording.mode === 'shadow',
    },
    composition,
  )
  await worker.start()
  await eventually('everything is settled', () => worker.isIdle(), 60_000)
  await worker.stop()
  await recording.close()
  return { counts: worker.counts, held: await heldBy(driver, plan), shadows }
}

function messageOf(
  at: number,
  key: string | null,
  value: Uint8Array | null,
  headers: OutMessage['headers'],
): OutMessage {
  const bytes = key === null ? null : Buffer.from(key)
  return { id: `${at}`, key: bytes, value, headers, timestamp: at, contentType: 'application/json' }
}

const connectionOf = (plan: FleetPlan, topic: string) =>
  plan.connections[plan.topics[topic]?.connection as string] as Parameters<
    DriverFactories['kafka']
  >[0]

async function heldBy(driver: LogDriver, { topics }: FleetPlan): Promise<Record<string, number>> {
  const held: Record<string, number> = {}
  for (const [name, topic] of Object.entries(topics)) {
    const ranges = await driver
      .view(topicAt('', topic))
      .ranges()
      .catch(() => [])
    held[name] = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  }
  return held
}

function trap(what: string): never {
  throw new Error(`a shadow reached for ${what}`)
}

function traps(factories: DriverFactories): DriverFactories {
  return {
    kafka(plan, made) {
      const driver = factories.kafka(plan, made)
      return {
        connect: () => driver.connect(),
        isUp: () => driver.isUp(),
        whenUp: (signal) => driver.whenUp(signal),
        ping: () => driver.ping(),
        close: () => driver.close(),
        source: (options) => driver.source(options),
        view: (topic) => driver.view(topic),
        sink: ({ name }) => trap(`a sink of ${name}`),
        ensureTopics: () => trap('new topics'),
      }
    },
    registry: (plan, made) => factories.registry(plan, made),
    rabbitmq: () => trap('RabbitMQ'),
    redis: () => trap('a cache'),
    state: () => trap('the state store'),
    jobs: () => trap('jobs'),
    store: () => trap('a store'),
  }
}

/** What each call is told of whether it is one of a shadow. */
const noting = (
  handlers: Readonly<Record<string, Handler<unknown, unknown>>>,
  shadows: boolean[],
): Record<string, Handler<unknown, unknown>> =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      (input, ctx) => {
        shadows.push(ctx.shadow)
        return handler(input, ctx)
      },
    ]),
  )
