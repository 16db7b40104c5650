// `sluice warm`: asks the caches of a pipeline for what its messages would ask for, so that whoever comes next finds it there.
import { checkerOf } from '../../compile/schemas.ts'
import { resolveSetting } from '../../compile/settings.ts'
import { topicAt } from '../../core/address.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type { LogMessage } from '../../core/message.ts'
import type {
  CachePlan,
  ConnectionPlan,
  FleetPlan,
  PipelinePlan,
  TopicPlan,
} from '../../core/plan.ts'
import type { CacheCounts } from '../../core/telemetry.ts'
import { Breakers } from '../../runtime/breakers.ts'
import {
  connectionOf,
  connectWithin,
  makeConnections,
  registryUse,
} from '../../runtime/connections.ts'
import { zeroCounts } from '../../runtime/counts.ts'
import { createFormats } from '../../runtime/formats/formats.ts'
import { isRegistered } from '../../runtime/formats/registered.ts'
import { warmableSteps } from '../../runtime/warm/warmable.ts'
import { Warmer, type Warmed } from '../../runtime/warm/warmer.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { feedMessages } from '../feed.ts'
import { startProgress } from '../progress.ts'
import { choosePipelines, compileProject, findProject, loadCode } from '../project.ts'
import { onStopSignal } from '../signals.ts'
import { topicMessages } from './topic-messages.ts'
import { warmText } from './warm-text.ts'

export interface WarmOptions {
  readonly project?: string
  readonly pipeline: string
  readonly feed?: string
  /** Of each partition. */
  readonly last: number
  readonly atOnce: number
  readonly format: 'text' | 'json'
}

/** What it was filled by: where a message stands, from 0 in a file. */
export interface Given {
  readonly partition: number
  readonly message: LogMessage
}

export interface WarmReport extends Readonly<Record<Warmed | 'failed', number>> {
  readonly version: 1
  readonly pipeline: string
  readonly messages: number
  readonly caches: Readonly<Record<string, CacheCounts>>
  readonly durationMs: number
}

/** Failures that are told of singly. */
const TOLD = 5

/** Returns the exit code: 1 when something could not be loaded. Rejects with SLU1001, SLU1004, and SLU1110 when a cache went away. */
export async function warm(options: WarmOptions, composition: Composition): Promise<number> {
  const { env, world, log } = composition
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  choosePipelines(plan, [options.pipeline])
  const pipeline = plan.pipelines[options.pipeline] as PipelinePlan
  const names = cachesOf(pipeline)
  const { from } = pipeline
  if (options.feed === undefined && from.kind !== 'topic')
    throw new SluiceError('SLU1001', {
      message: `${pipeline.name} reads ${from.kind}, which cannot be looked at without taking: say --feed FILE`,
    })
  const code = await loadCode(compiled, [pipeline.name])
  const prefix = resolveSetting(plan.prefix, env)
  const telemetry = composition.telemetry(() => counts, { complete: true })
  const counts = zeroCounts(plan, [pipeline])
  const factories = composition.drivers(false)
  const uses = new Set(names.map((name) => (plan.caches[name] as CachePlan).connection))
  const topic = from.kind === 'topic' ? (plan.topics[from.topic] as TopicPlan) : undefined
  const looked = options.feed === undefined ? topic : undefined
  if (looked !== undefined) uses.add(looked.connection)
  if (looked !== undefined && isRegistered(looked)) uses.add(registryUse(looked.connection))
  const connections = makeConnections({ plan, factories, world, log }, uses)
  const registryOf = (name: string) => connections.registry(name)
  const formats = createFormats({ plan, prefix, registryOf, clock: world.clock })
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), world.clock)
  const breakers = new Breakers({ plan, pipelines: [pipeline], counts, world, log })
  try {
    await Promise.all(
      [...connections.all].map(([name, driver]) =>
        connectWithin(
          driver,
          plan.connections[connectionOf(name)] as ConnectionPlan,
          plan.connectWithinMs,
          world,
        ),
      ),
    )
    const given =
      looked === undefined
        ? await feedMessages(options.feed as string, world)
        : await topicMessages(
            connections.log(looked.connection).view(topicAt(prefix, looked)),
            options.last,
          )
    const warmer = new Warmer(
      {
        ...code,
        plan,
        prefix,
        connections,
        formats,
        breakers,
        checkOf: checkerOf(plan),
        counts,
        world,
        log,
        tracer: telemetry.tracer,
        meter: telemetry.meter,
        quarantine: undefined,
      },
      pipeline,
      code.modules[pipeline.name] as (typeof code.modules)[string],
      looked === undefined ? undefined : formats(looked.name),
      options.atOnce,
    )
    const startedAt = world.clock.monotonic()
    const outcome = await warmAll(given, warmer, options, composition, () => {
      if (stop.requested) return true
      return names.some((name) => (counts.caches[name]?.bypassed ?? 0) > 0)
    })
    await warmer.rest()
    const caches = Object.fromEntries(
      names.map((name) => [name, counts.caches[name] as CacheCounts]),
    )
    away(plan, caches, outcome)
    const report: WarmReport = {
      version: 1,
      pipeline: pipeline.name,
      messages: given.count,
      ...outcome,
      caches,
      durationMs: Math.round(world.clock.monotonic() - startedAt),
    }
    process.stdout.write(
      options.format === 'json' ? `${JSON.stringify(report)}\n` : warmText(report),
    )
    return outcome.failed === 0 ? EXIT.ok : EXIT.failed
  } finally {
    breakers.stop()
    await Promise.all([...connections.all.values()].map((driver) => driver.close()))
    await telemetry.close()
  }
}

/** Rejects with SLU1001 for a pipeline without any that could be filled. */
function cachesOf({ name, steps }: PipelinePlan): string[] {
  const caches = [...new Set(warmableSteps(steps).map(({ cache }) => cache))]
  if (caches.length > 0) return caches
  throw new SluiceError('SLU1001', {
    message: `${name} has no cache step, or only behind a call, a request or a window, whose values only the pipeline itself may make`,
  })
}

async function warmAll(
  given: { readonly count: number; messages(): AsyncIterable<Given> },
  warmer: Warmer,
  { atOnce }: WarmOptions,
  { world }: Composition,
  isOver: () => boolean,
): Promise<Record<Warmed | 'failed', number>> {
  const outcome = { asked: 0, filtered: 0, invalid: 0, failed: 0 }
  const progress = startProgress('warming', given.count, world.clock)
  const atWork = new Set<Promise<void>>()
  const one = async ({ message, partition }: Given) => {
    try {
      outcome[await warmer.warm(message, partition)]++
    } catch (error) {
      outcome.failed++
      progress.end()
      if (outcome.failed <= TOLD) process.stderr.write(`${asError(error).message}\n`)
    }
    progress.step()
  }
  for await (const next of given.messages()) {
    if (isOver()) break
    const work = one(next).finally(() => atWork.delete(work))
    atWork.add(work)
    if (atWork.size >= atOnce) await Promise.race(atWork)
  }
  await Promise.all(atWork)
  progress.end()
  return outcome
}

/** Nothing that was loaded while a cache was away is in it. */
function away(
  { caches }: FleetPlan,
  counts: WarmReport['caches'],
  outcome: Readonly<Record<string, number>>,
): void {
  for (const [name, { bypassed }] of Object.entries(counts)) {
    if (bypassed === 0) continue
    const { at } = caches[name] as CachePlan
    throw new SluiceError('SLU1110', {
      message: `cache ${name} (${at.file}:${at.line}) went away, or did not answer in time, after ${outcome['asked']} messages`,
    })
  }
}
