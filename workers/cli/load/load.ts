// `sluice load`: an open-loop load test of a pipeline that runs somewhere, on the brokers of the environment, with a verdict.
import { milliseconds } from '../../compile/units.ts'
import { checkerOf } from '../../compile/schemas.ts'
import { resolveSetting } from '../../compile/settings.ts'
import { queueAt, topicAt } from '../../core/address.ts'
import { SluiceError } from '../../core/errors.ts'
import { letterKind, lettersOfPipeline } from '../../core/letter.ts'
import type { LogRange, LogView } from '../../core/log-view.ts'
import { headerText } from '../../core/message.ts'
import type { FleetPlan, PipelinePlan, TopicFromPlan, TopicPlan } from '../../core/plan.ts'
import { allSteps } from '../../core/plan-walk.ts'
import { ClientConnections } from '../../client/parts.ts'
import { Listener } from '../../load/listener.ts'
import { runLoad, type LoadResult } from '../../load/load.ts'
import { LOAD_HEADER, madeUpExamples, messageOf, type Example } from '../../load/messages.ts'
import { Pace } from '../../load/pace.ts'
import { verdictOn, type Limits } from '../../load/verdict.ts'
import { topicUses } from '../../runtime/connections.ts'
import { encodingSink } from '../../runtime/formats/topic-format.ts'
import { lagOf } from '../../ops/lag.ts'
import type { BrokerFactories, Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { examplesIn } from '../feed.ts'
import { openMonitor } from '../infrastructure/open.ts'
import { startProgress } from '../progress.ts'
import { choosePipelines, compileProject, findProject } from '../project.ts'
import { onStopSignal } from '../signals.ts'
import { loadText } from './load-text.ts'

export interface LoadOptions {
  readonly project?: string
  readonly pipeline: string
  /** Messages a second. */
  readonly rate: number
  /** Durations as people write them. */
  readonly for: string
  readonly ramp: string
  readonly drain: string
  readonly like?: string
  readonly keys: number
  readonly seed: number
  readonly p50?: string
  readonly p95?: string
  readonly p99?: string
  readonly max?: string
  readonly lag: number
  readonly deadLetters: number
  readonly yes: boolean
  readonly format: 'text' | 'json'
}

/** Every latency is kept, eight bytes each. */
const MOST = 10_000_000

/** Returns the exit code: 1 when a limit was not kept. Rejects with SLU1016, SLU1017, SLU1198, and for what cannot be reached; nothing was sent then. */
export async function load(options: LoadOptions, composition: Composition): Promise<number> {
  const { env, world, log } = composition
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  choosePipelines(plan, [options.pipeline])
  const pipeline = plan.pipelines[options.pipeline] as PipelinePlan
  const { from } = pipeline
  if (from.kind !== 'topic')
    throw new SluiceError('SLU1016', {
      message: `${pipeline.name} (${pipeline.at.file}:${pipeline.at.line}) reads ${from.kind}, and a load is sent to a topic`,
    })
  if (resolveSetting(plan.profile, env) === 'production' && !options.yes)
    throw new SluiceError('SLU1017')
  const topic = plan.topics[from.topic] as TopicPlan
  const examples = await examplesFor(options, plan, topic)
  const pace = paceOf(options)

  const factories = composition.drivers(false)
  const prefix = resolveSetting(plan.prefix, env)
  const run = world.ids.next().slice(0, 8)
  const connections = new ClientConnections({ plan, prefix, factories, world, log })
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), world.clock)
  const stopped = new AbortController()
  void stop.promise.then(() => stopped.abort())
  const progress = startProgress(`load on ${topic.name}`, pace.count, world.clock)
  const lag = await openLag(plan, from, factories, composition)
  try {
    await lag.someoneReads()
    const letters = await openLetters(plan, pipeline, prefix, connections)
    const topics = answersOf(pipeline)
    // Nobody is late because a connection is still being made.
    const used = [topic.name, ...topics].map((name) => connectionOf(plan, name))
    await connections.allConnected([...used, ...topicUses(topic)])
    const result = await runLoad({
      world,
      run,
      pace,
      rate: options.rate,
      sink: encodingSink(
        connections.of(topic.connection).log(topic.connection).sink(topicAt(prefix, topic)),
        connections.formats(topic.name),
      ),
      message: (number) =>
        messageOf(
          run,
          number,
          examples[number % examples.length] as Example,
          topic,
          world.clock.now(),
        ),
      topics,
      listen(name, heard) {
        const listened = topicAt(prefix, plan.topics[name] as TopicPlan)
        const driver = connections.of(listened.connection).log(listened.connection)
        const group = `${prefix}sluice-load.${run}.${name}`
        const source = driver.source({ topic: listened, group, start: 'latest' })
        return new Listener(source, ({ headers }) => heard(headerText(headers, 'ce_id')))
      },
      lag: lag.ask,
      deadLetters: () => letters.count(run),
      drainMs: milliseconds(options.drain),
      stopped: stopped.signal,
      progress: (sent) => progress.step(sent),
    })
    progress.end()
    return report(options, pipeline.name, topic.name, result)
  } finally {
    progress.end()
    stop.dispose()
    await Promise.all([connections.close(), lag.close()])
  }
}

function report(
  { format, ...options }: LoadOptions,
  pipeline: string,
  topic: string,
  result: LoadResult,
): number {
  const limits: Limits = {
    ...limit('p50', options.p50),
    ...limit('p95', options.p95),
    ...limit('p99', options.p99),
    ...limit('max', options.max),
    lag: options.lag,
    deadLetters: options.deadLetters,
  }
  const verdict = verdictOn(result, limits)
  const kept = verdict.every((one) => one.kept)
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify({ version: 1, pipeline, topic, ...result, verdict, kept })}\n`
      : loadText({ pipeline, topic, result, verdict }),
  )
  return kept ? EXIT.ok : EXIT.failed
}

const limit = (name: 'p50' | 'p95' | 'p99' | 'max', text: string | undefined): Partial<Limits> =>
  text === undefined ? {} : { [name]: milliseconds(text) }

function paceOf({ rate, ramp, for: steady }: LoadOptions): Pace {
  const pace = new Pace({ rate, rampMs: milliseconds(ramp), steadyMs: milliseconds(steady) })
  if (pace.count - pace.ramped < 1 || pace.count > MOST)
    throw new SluiceError('SLU1001', {
      message: `${rate}/s for ${steady} are ${pace.count} messages; a load has from 1 to ${MOST}`,
    })
  return pace
}

async function examplesFor(
  { like, seed, keys }: LoadOptions,
  plan: FleetPlan,
  topic: TopicPlan,
): Promise<Example[]> {
  if (like !== undefined) return examplesIn(like)
  const check = topic.schema === undefined ? () => undefined : checkerOf(plan)(topic.schema)
  return madeUpExamples(topic, plan.schemas, check, { seed, keys })
}

/** Where events of the pipeline arrive; each once. */
const answersOf = (pipeline: PipelinePlan): string[] => [
  ...new Set(allSteps(pipeline).flatMap((step) => (step.kind === 'event' ? [step.topic] : []))),
]

const connectionOf = ({ topics }: FleetPlan, topic: string): string =>
  topics[topic]?.connection as string

/** How far the group of the pipeline is behind. */
async function openLag(
  plan: FleetPlan,
  { group, topic }: TopicFromPlan,
  factories: BrokerFactories,
  composition: Composition,
) {
  // Nothing but the one connection is asked.
  const name = connectionOf(plan, topic)
  const connections = Object.fromEntries(
    Object.entries(plan.connections).filter(([one]) => one === name),
  )
  const alone = { ...plan, state: undefined, connections }
  const { monitor, close } = await openMonitor(alone, factories, composition)
  const look = async () => {
    const { groups } = await lagOf(plan.fleet, monitor.probes)
    return groups.find((one) => one.name === group && one.topic === topic)
  }
  return {
    close,
    ask: async () => (await look())?.lag,
    async someoneReads(): Promise<void> {
      if ((await look())?.members === 0)
        throw new SluiceError('SLU1198', { message: `no process reads ${topic} as group ${group}` })
    },
  }
}

/** Counts dead letters that arrive from now on. */
async function openLetters(
  plan: FleetPlan,
  pipeline: PipelinePlan,
  prefix: string,
  connections: ClientConnections,
) {
  const views: { readonly view: LogView; readonly before: readonly LogRange[] }[] = []
  for (const name of lettersOfPipeline(pipeline)) {
    const isTopic = letterKind(plan, name) === 'topic'
    const use = (isTopic ? plan.topics : plan.queues)[name]?.connection as string
    await connections.connected(use)
    const view = isTopic
      ? connections
          .of(use)
          .log(use)
          .view(topicAt(prefix, plan.topics[name] as TopicPlan))
      : connections
          .of(use)
          .queue(use)
          .view(queueAt(prefix, plan.queues[name] as FleetPlan['queues'][string]))
    views.push({ view, before: await view.ranges() })
  }
  return {
    async count(run: string): Promise<number> {
      let count = 0
      for (const { view, before } of views)
        for (const { partition, to } of await view.ranges()) {
          const from = before.find((range) => range.partition === partition)?.to ?? 0
          for await (const messages of view.read({ partition, from, to }))
            count += messages.filter(
              ({ headers }) => headerText(headers, LOAD_HEADER) === run,
            ).length
        }
      return count
    },
  }
}
