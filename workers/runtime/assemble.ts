// Puts one pipeline together from its plan, its compiled module and open connections; starts nothing.
import { firingsAt, jobsAt, queueAt, topicAt } from '../core/address.ts'
import { longestSilenceMs } from '../core/attempt-time.ts'
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { Intake, JobSource, Source, Topic } from '../core/contract.ts'
import type { Handler } from '../core/handler.ts'
import { letterKind, lettersOfPipeline } from '../core/letter.ts'
import type { Logger } from '../core/log.ts'
import type {
  CacheStepPlan,
  CallPlan,
  FleetPlan,
  ForgetStepPlan,
  FromPlan,
  JobsPlan,
  PipelinePlan,
  QueuePlan,
  StepPlan,
  WindowStepPlan,
} from '../core/plan.ts'
import { sourcePlan, type SourcePlan } from '../core/source-plan.ts'
import { allSteps, usesState } from '../core/plan-walk.ts'
import type { Counts, Meter, Tracer, WindowCounts } from '../core/telemetry.ts'
import { createCacheStep, type CacheStep } from '../steps/cache.ts'
import { createCall, type Call } from '../steps/call.ts'
import { createDedupe } from '../steps/dedupe.ts'
import { createForget } from '../steps/forget.ts'
import { createWindow } from '../steps/window.ts'
import { Refreshes } from '../steps/refreshes.ts'
import { createHandlerCache } from '../steps/handler-caches.ts'
import type { Connections } from './connections.ts'
import type { Formats } from './formats/formats.ts'
import { windowName } from './counts.ts'
import { guardedCache, guardedStep } from './breaker-guarded.ts'
import type { Breakers, NeededBreakers } from './breakers.ts'
import { jobOrigin } from './job-origin.ts'
import { Leases } from './leases.ts'
import { logOrigin } from './log-origin.ts'
import type { Records } from './holdings.ts'
import type { StepParts } from './message-run.ts'
import type { Origin } from './origin.ts'
import { tiersOf } from '../core/parking.ts'
import { parkingOf, withDue, withTiers } from './assemble-parking.ts'
import { Pipeline } from './pipeline.ts'
import type { LetterSink, PipelineModule } from './pipeline-parts.ts'
import { LogSuspects } from './quarantine/log-suspects.ts'
import type { QuarantineParts } from './quarantine/parts.ts'
import { Quarantine } from './quarantine/quarantine.ts'
import { deliveredAgain } from './quarantine/suspects.ts'
import { queueOrigin } from './queue-origin.ts'
import { answerOf, requestParts } from './request-parts.ts'
import { scheduleOrigin } from './schedule-origin.ts'
import { queueTarget, sendParts, topicTarget } from './send-parts.ts'
import { MAX_BYTES } from './window.ts'

/** What the names on a broker are made of. */
export interface NamedParts {
  readonly plan: FleetPlan
  /** Before every name on a broker. */
  readonly prefix: string
}

export interface AssemblyParts extends NamedParts {
  readonly connections: Connections
  readonly formats: Formats
  readonly breakers: Breakers
  readonly handlers: Readonly<Record<string, Handler<unknown, unknown>>>
  /** The check of a schema by its name; compiled once. */
  readonly checkOf: (schema: string) => Check
  readonly counts: Counts
  readonly world: World
  readonly log: Logger
  readonly tracer: Tracer
  readonly meter: Meter
  /** Looks on at each message of a pipeline, and at how it ended before its source hears of it; changes nothing. */
  readonly watch?: ((origin: Origin, pipeline: string) => Origin) | undefined
  /** Nothing that pipelines send leaves the process; handlers are told. */
  readonly shadow?: boolean
  /** Undefined without a state store: what ends processes is not found then. */
  readonly quarantine: Pick<QuarantineParts, 'solo' | 'state' | 'holder'> | undefined
}

/** Cache entries that one pipeline loads anew at once, behind its messages. */
const REFRESHES = 16

/** Of the concurrency: so many completions make a commit due. A crash repeats what is not committed yet. */
const COMMIT_SHARE = 0.7

export interface Assembled {
  readonly name: string
  readonly pipeline: Pipeline
  readonly source: Source
  readonly breakers: NeededBreakers
  /** What the source feeds: the pipeline, or quarantine before it. */
  readonly intake: Intake
  readonly quarantine: Quarantine | undefined
  readonly from: FromPlan['kind']
  /** A lane with messages waiting that stands still for longer is stalled. */
  readonly silenceMs: number
}

function topicOf({ plan, prefix }: AssemblyParts, name: string): Topic {
  return topicAt(prefix, plan.topics[name] as FleetPlan['topics'][string])
}

/** Before the addresses of a cache's entries, so that fleets can share a Redis; where the form changes, the old entries are left to expire. */
export const cacheNamespace = ({ plan, prefix }: NamedParts, cache: string): string =>
  `${prefix}${plan.fleet}:${cache}:${plan.caches[cache]?.as === 'hash' ? 'hash:' : ''}`

export function assemble(
  parts: AssemblyParts,
  plan: PipelinePlan,
  module: PipelineModule,
): Assembled {
  const read = originOf(parts, plan)
  const origin = parts.watch?.(read, plan.name) ?? read
  const breakers = parts.breakers.neededBy(plan)
  const refreshes = new Refreshes(REFRESHES)
  const pipeline = new Pipeline({
    fleet: parts.plan.fleet,
    plan,
    module,
    origin,
    steps: allSteps(plan).map((step) => stepParts(parts, plan, step, refreshes)),
    answer: answerOf(parts, plan),
    refreshes,
    breakers,
    letters: lettersOf(parts, plan, origin),
    records: recordsOf(parts, plan),
    parking: parkingOf(parts, plan, origin),
    counts: parts.counts.pipelines[plan.name] as Counts['pipelines'][string],
    sent: parts.counts.sent,
    drainWithinMs: parts.plan.drainWithinMs,
    world: parts.world,
    log: parts.log,
    tracer: parts.tracer,
    meter: parts.meter,
  })
  const quarantine = quarantineOf(parts, plan, pipeline)
  const intake = quarantine ?? pipeline
  return {
    name: plan.name,
    pipeline,
    source: origin.source,
    breakers,
    intake,
    quarantine,
    from: plan.from.kind,
    silenceMs: longestSilenceMs(plan),
  }
}

function quarantineOf(
  { quarantine, prefix, plan: { fleet }, world, log }: AssemblyParts,
  { name, from, concurrency }: PipelinePlan,
  pipeline: Pipeline,
): Quarantine | undefined {
  if (quarantine === undefined) return undefined
  const folder = `${prefix}${fleet}:held:${name}`
  return new Quarantine({
    ...quarantine,
    intake: pipeline,
    patient: pipeline.isolation,
    suspectsOf: (grant) =>
      from.kind === 'topic' ? new LogSuspects({ ...quarantine, grant, folder }) : deliveredAgain,
    concurrency,
    pipeline: name,
    folder: `${folder}:cases`,
    world,
    log,
  })
}

function originOf(parts: AssemblyParts, pipeline: PipelinePlan): Origin {
  const { from, concurrency, window } = pipeline
  const plan = sourcePlan(parts.plan, from) as SourcePlan
  const { world, log, connections, prefix } = parts
  const check = plan.schema === undefined ? () => undefined : parts.checkOf(plan.schema)
  const common = { fleet: parts.plan.fleet, plan, check, world }
  switch (from.kind) {
    case 'topic': {
      const driver = connections.log(plan.connection)
      const { group, start } = from
      const topic = topicOf(parts, from.topic)
      const main = driver.source({ topic, group: prefix + group, start })
      const source = withTiers(parts, pipeline, from, driver, main)
      const commitEvery = Math.max(1, Math.ceil(concurrency * COMMIT_SHARE))
      const format = parts.formats(from.topic)
      return logOrigin({ ...common, from, source, driver, format, commitEvery, log })
    }
    case 'queue': {
      const driver = connections.queue(plan.connection)
      const queue = queueAt(prefix, parts.plan.queues[from.queue] as QueuePlan)
      const main = driver.source({ queue, prefetch: window })
      const source = withDue(parts, pipeline, driver, main)
      return queueOrigin({ ...common, from, source, driver })
    }
    case 'jobs': {
      const driver = connections.jobs(plan.connection)
      const jobs = jobsAt(prefix, parts.plan.jobs[from.jobs] as JobsPlan)
      const parks = tiersOf(pipeline).length > 0
      const source = driver.source({ jobs, prefetch: window, bytes: MAX_BYTES, parks })
      return jobOrigin({ ...common, from, source, driver })
    }
    case 'schedule': {
      const driver = connections.jobs(from.connection)
      const { schedule } = from
      const jobs = firingsAt(prefix, common.fleet, from)
      const source = driver.source({ jobs, prefetch: window, schedule })
      return scheduleOrigin({ fleet: common.fleet, from, source, driver })
    }
  }
}

function recordsOf(
  { plan: { state, fleet }, prefix, connections, world }: AssemblyParts,
  pipeline: PipelinePlan,
): Records | undefined {
  if (state === undefined || !usesState(pipeline)) return undefined
  const driver = connections.state(state.connection)
  const leaseMs = longestSilenceMs(pipeline)
  return {
    state: driver,
    namespace: `${prefix}${fleet}:${pipeline.name}:`,
    token: world.ids.next(),
    leaseMs,
    leases: new Leases({ state: driver, clock: world.clock, leaseMs }),
    onceMs: pipeline.once?.windowMs,
    atWork: new Map(),
    clock: world.clock,
  }
}

function lettersOf(parts: AssemblyParts, plan: PipelinePlan, origin: Origin) {
  return Object.fromEntries(
    lettersOfPipeline(plan).map((name): [string, LetterSink] => {
      const kind = letterKind(parts.plan, name)
      if (kind === 'jobs') return [name, failedJobs(origin)]
      const { driver, sink, system } =
        kind === 'topic' ? topicTarget(parts, name) : queueTarget(parts, name)
      return [name, { sink, driver, system }]
    }),
  )
}

/** The compiler has seen to it that these are the jobs that the pipeline does. */
const failedJobs = ({ source, driver }: Origin): LetterSink => ({
  sink: (source as JobSource).letters,
  driver,
  system: 'bullmq',
})

function stepParts(
  parts: AssemblyParts,
  pipeline: PipelinePlan,
  step: StepPlan,
  refreshes: Refreshes,
): StepParts {
  switch (step.kind) {
    case 'call':
      return { plan: step, driver: undefined, call: makeCall(parts, step.id, step.call) }
    case 'cache':
      return cacheParts(parts, step, refreshes)
    case 'forget':
      return forgetParts(parts, step)
    case 'dedupe':
      return {
        plan: step,
        driver: parts.connections.state(parts.plan.state?.connection as string),
        dedupe: createDedupe(step),
      }
    case 'window':
      return windowParts(parts, pipeline, step)
    case 'map':
    case 'route':
    case 'split':
      return { plan: step, driver: undefined }
    case 'request':
      return requestParts(parts, pipeline, step)
    case 'command':
    case 'event':
    case 'job':
    case 'store':
      return sendParts(parts, pipeline, step)
  }
}

function windowParts(
  { connections, plan: { state, fleet }, prefix, counts }: AssemblyParts,
  pipeline: PipelinePlan,
  step: WindowStepPlan,
): StepParts {
  const driver = connections.state(state?.connection as string)
  const name = windowName(pipeline, step)
  return {
    plan: step,
    driver,
    window: createWindow({
      plan: step,
      pipeline: pipeline.name,
      state: driver,
      scope: `${prefix}${fleet}:window:${name}`,
      counts: counts.windows[name] as WindowCounts,
    }),
  }
}

function makeCall(parts: AssemblyParts, step: string, plan: CallPlan): Call {
  const handler = parts.handlers[plan.handler] as Handler<unknown, unknown>
  const { world, log, tracer, shadow = false } = parts
  const caches = Object.fromEntries(
    plan.caches.map((name) => {
      const { cache, ...place } = cacheAt(parts, name)
      return [name, createHandlerCache({ call: plan, cache, ...place, world, log })]
    }),
  )
  const call = createCall({ plan, step, handler, caches, shadow, world, log, tracer })
  return guardedStep(parts.breakers.of(plan.breaker), call)
}

function cacheAt(parts: AssemblyParts, name: string) {
  const { plan, connections, breakers, checkOf, counts } = parts
  const cache = plan.caches[name] as FleetPlan['caches'][string]
  return {
    cache,
    driver: guardedCache(
      breakers.ofConnection(cache.connection),
      connections.cache(cache.connection),
    ),
    namespace: cacheNamespace(parts, name),
    check: checkOf(cache.schema),
    counts: counts.caches[cache.name] as Counts['caches'][string],
  }
}

function forgetParts(parts: AssemblyParts, step: ForgetStepPlan): StepParts {
  const { cache, namespace, counts } = cacheAt(parts, step.cache)
  const { connections, breakers, tracer } = parts
  const driver = connections.cache(cache.connection)
  return {
    plan: step,
    driver,
    forget: guardedStep(
      breakers.ofConnection(cache.connection),
      createForget({ plan: step, namespace, driver, counts, tracer }),
    ),
  }
}

/** The cache steps of a pipeline alone, by their indexes. */
export const cacheSteps = (
  parts: AssemblyParts,
  pipeline: PipelinePlan,
  refreshes: Refreshes,
): ReadonlyMap<number, CacheStep> =>
  new Map(
    allSteps(pipeline).flatMap((step): [number, CacheStep][] =>
      step.kind === 'cache' ? [[step.index, cacheParts(parts, step, refreshes).cache]] : [],
    ),
  )

function cacheParts(
  parts: AssemblyParts,
  step: CacheStepPlan,
  refreshes: Refreshes,
): StepParts & { readonly cache: CacheStep } {
  const place = cacheAt(parts, step.cache)
  return {
    plan: step,
    driver: place.driver,
    cache: createCacheStep({
      ...place,
      plan: step,
      load: makeCall(parts, step.id, step.load),
      refreshes,
      world: parts.world,
      tracer: parts.tracer,
      log: parts.log,
    }),
  }
}
