// A shop whose pipelines have every kind of step, run once over a seeded history on embedded brokers: live, or as a shadow without a way out.
import { createComposition } from '../../workers/composition.ts'
import { makeWorker, type WorkerParts } from '../../workers/cli/make-worker.ts'
import { openRecording, type RecordingOptions } from '../../workers/cli/recording/recording.ts'
import { topicAt } from '../../workers/core/address.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import type { LogDriver, OutMessage } from '../../workers/core/contract.ts'
import { lifeOf } from '../../workers/core/driver-life.ts'
import type { Handler } from '../../workers/core/handler.ts'
import { silentLog, type Logger } from '../../workers/core/log.ts'
import type { FleetPlan, KafkaPlan, PipelinePlan } from '../../workers/core/plan.ts'
import type { Counts } from '../../workers/core/telemetry.ts'
import type { DriverFactories } from '../../workers/runtime/connections.ts'
import type { Composition, Telemetry } from '../../workers/cli/composition.ts'
import { connectTheGiver } from '../../workers/testing/giver.ts'
import type { GivenEvent } from '../../workers/testing/plan.ts'
import { ASKER } from '../../workers/testing/requests.ts'
import { realStage } from '../../workers/testing/stage.ts'
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

export interface Play {
  readonly options: RecordingOptions
  /** Brokers that only a source may be had of, and questions asked; anything else that is asked of them throws, and fails the test. */
  readonly trapped: boolean
  /** Runs live, unrecorded, on the same brokers. */
  readonly beside?: string
  /** Runs in the same process, recorded in the same file. */
  readonly together?: string
  readonly count?: number
  readonly log?: Logger
}

export async function play(
  code: Code,
  name: string,
  seed: number,
  { options, trapped, beside, together, count = 60, log = silentLog }: Play,
): Promise<Played> {
  const { plan } = code
  const { factories } = composition.embedded(systemWorld)
  const pipeline = plan.pipelines[name] as PipelinePlan
  const stage = realStage(systemWorld, factories, '')
  const giver = connectTheGiver(stage, plan, pipeline, silentLog)
  await giver.open({})
  await giver.send(historyOf(code, name, seed, count).given.map(messageOf))

  const brokers = { factories: trapped ? traps(factories) : factories, embedded: false }
  const pipelines = [name, ...(together === undefined ? [] : [together])]
  const recording = await openRecording(options, { plan, pipelines }, brokers, {
    ...composition,
    log,
  })
  if (recording === undefined) throw new Error('it is recorded')
  const shadows: boolean[] = []
  const handlers = noting(handlersOf(seed), shadows)
  const workers = [
    workerOf(code, pipelines, handlers, {
      ...recording,
      telemetry: { tracer: recording.tracer(telemetry.tracer), meter: telemetry.meter },
      shadow: recording.mode === 'shadow',
    }),
    ...(beside === undefined
      ? []
      : [workerOf(code, [beside], handlersOf(seed), { plan, factories, telemetry })]),
  ] as const
  for (const worker of workers.toReversed()) await worker.start()
  await eventually('everything is settled', () => workers[0].isIdle(), 60_000)
  for (const worker of workers) await worker.stop()
  await recording.close()
  await giver.close()
  const driver = factories.kafka(plan.connections['events'] as KafkaPlan, context)
  await driver.connect()
  return { counts: workers[0].counts, held: await heldBy(driver, plan), shadows }
}

const workerOf = (
  { modules }: Code,
  pipelines: readonly string[],
  handlers: Readonly<Record<string, Handler<unknown, unknown>>>,
  parts: Pick<WorkerParts, 'plan' | 'factories' | 'telemetry' | 'watch' | 'shadow'>,
) => makeWorker({ ...parts, pipelines, code: { modules, handlers } }, composition)

const messageOf = ({ id, key, bytes, headers, asks }: GivenEvent, at: number): OutMessage => ({
  id: id ?? `${at}`,
  ...(asks ? { replyTo: { queue: ASKER, correlationId: `${at}` } } : {}),
  key: key === null ? null : Buffer.from(key),
  value: bytes,
  headers,
  timestamp: at,
  contentType: 'application/json',
})

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
        ...lifeOf(driver),
        source: (options) => driver.source(options),
        view: (topic) => driver.view(topic),
        sink: ({ name }) => trap(`a sink of ${name}`),
        ensureTopics: () => trap('new topics'),
      }
    },
    registry: (plan, made) => factories.registry(plan, made),
    rabbitmq(plan, made) {
      const driver = factories.rabbitmq(plan, made)
      return {
        ...lifeOf(driver),
        requests: {
          ask: (...asked) => driver.requests.ask(...asked),
          get pending() {
            return driver.requests.pending
          },
          answer: () => trap('somebody who asks'),
        },
        source: ({ queue }) => trap(`the messages of ${queue.name}`),
        sink: ({ name }) => trap(`a sink of ${name}`),
        exchange: ({ name }) => trap(`a sink of ${name}`),
        view: ({ name }) => trap(`a look at ${name}`),
        ensureQueues: () => trap('new queues'),
        ensureExchanges: () => trap('new exchanges'),
      }
    },
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
