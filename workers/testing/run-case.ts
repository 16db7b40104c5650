// Runs one case: a world of its own, the real runtime in it, everything given and nothing else; hands over what happened.
import { SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { sourceName } from '../core/source-plan.ts'
import type { Counts, PipelineCounts } from '../core/telemetry.ts'
import { cacheNamespace } from '../runtime/assemble.ts'
import { payloadsOf } from '../runtime/formats/formats.ts'
import type { PipelineModule } from '../runtime/pipeline-parts.ts'
import { Worker, type WorkerOptions } from '../runtime/worker.ts'
import { connectTheGiver } from './giver.ts'
import type { Given, Outcome, Scripts, TestCase } from './plan.ts'
import { play } from './play.ts'
import { Recorder } from './recorder.ts'
import { recording } from './recording-drivers.ts'
import { scripted } from './scripts.ts'
import type { Stage } from './stage.ts'
import { witnessed } from './witness.ts'

export interface CaseCode extends Pick<WorkerOptions, 'modules' | 'handlers' | 'checkOf'> {
  readonly plan: FleetPlan
}

export interface Happened {
  readonly recorder: Recorder
  readonly counts: PipelineCounts
  readonly breakers: Counts['breakers']
  readonly paused: boolean
  /** Undefined: everything given was settled, or the guard paused the pipeline. */
  readonly stuckAfterMs: number | undefined
  /** Of the case's own time. */
  readonly tookMs: number
}

/** Rejects with SLU1101 when a real broker is away, so that the case cannot be played. */
export async function runCase(
  code: CaseCode,
  pipeline: PipelinePlan,
  { given }: TestCase,
  stage: Stage,
  log: Logger,
): Promise<Happened> {
  const { plan, handlers } = code
  const written = { source: sourceName(pipeline.from), payloads: payloadsOf(plan) }
  const recorder = new Recorder(given.events, written, stage.world.clock)
  const script = scripted({
    handlers,
    scripts: given.scripts,
    scriptsOf: (id) => recorder.scriptsOf(id),
    called: (handler) => recorder.called(handler),
    keyed: (cache, key) =>
      recorder.keyed(cacheNamespace({ plan, prefix: stage.prefix }, cache), key),
  })
  const worker = workerOf(
    { ...code, handlers: script.handlers },
    pipeline,
    stage,
    recorder,
    given,
    log,
  )
  const giver = connectTheGiver(stage, plan, pipeline, log)
  /** Lets the stage go on until `work` is done. */
  const during = async <T>(work: Promise<T>): Promise<T> => {
    let over = false
    const end = () => (over = true)
    work.then(end, end)
    while (!over) await stage.step(script.outside)
    return work
  }
  try {
    await during(giver.open(given.caches))
    await during(worker.start())
    const { clock } = stage.world
    let startedAt = clock.monotonic()
    const late = () => clock.monotonic() - startedAt > stage.limitMs
    while (!recorder.granted && !late()) await stage.step(script.outside)
    startedAt = clock.monotonic()
    const played = play(given, stage, giver)
    const done = async () =>
      worker.paused().length > 0 ||
      (played.over() && recorder.complete && (await worker.isIdle().catch(() => false)))
    let finished = false
    while (!(finished = await done()) && !late()) await stage.step(script.outside)
    const tookMs = clock.monotonic() - startedAt
    if (!finished && stage.setAvailable === undefined) refuseOutages(worker, stage.limitMs)
    const paused = worker.paused().length > 0
    played.end()
    await during(worker.stop())
    const counts = worker.counts.pipelines[pipeline.name] as PipelineCounts
    const { breakers } = worker.counts
    const stuckAfterMs = finished ? undefined : stage.limitMs
    return { recorder, counts, breakers, paused, stuckAfterMs, tookMs }
  } finally {
    await during(worker.stop())
    await during(giver.close())
  }
}

/** What did not happen because a broker went away says nothing about the pipeline. */
function refuseOutages(worker: Worker, limitMs: number): void {
  const away = worker.checks().filter(({ detail }) => detail === 'away')
  if (away.length > 0)
    throw new SluiceError('SLU1101', {
      message: `${away.map(({ name }) => name).join(', ')} went away, and the case did not end within ${limitMs / 1000} s`,
    })
}

/** The next outcome of an id, the last one for all that follow. */
function nthOf(scripts: Scripts): (name: string, id: string) => Outcome | undefined {
  const asked = new Map<string, number>()
  return (name, id) => {
    const key = JSON.stringify([name, id])
    const before = asked.get(key) ?? 0
    asked.set(key, before + 1)
    const outcomes = scripts[name]
    return outcomes?.[Math.min(before, outcomes.length - 1)]
  }
}

function workerOf(
  { plan, modules, handlers, checkOf }: CaseCode,
  pipeline: PipelinePlan,
  { world, prefix, factories }: Stage,
  recorder: Recorder,
  { answers }: Pick<Given, 'answers'>,
  log: Logger,
): Worker {
  const named = { plan, prefix }
  const cacheOf = (address: string) =>
    Object.keys(plan.caches).find((cache) => address.startsWith(cacheNamespace(named, cache)))
  const module = modules[pipeline.name] as PipelineModule
  return new Worker({
    plan: { ...plan, provision: true },
    prefix,
    pipelines: [pipeline.name],
    modules: { [pipeline.name]: witnessed(module, pipeline, named, recorder) },
    handlers,
    factories: recording(factories, recorder, cacheOf, {
      source: sourceName(pipeline.from),
      outcome: nthOf(answers),
    }),
    checkOf,
    world,
    log,
    tracer: recorder.traced.tracer,
    meter: recorder.traced.meter,
  })
}
