// `sluice dev`: runs pipelines and puts each change of the project in their place; what has a mistake never replaces what runs.
import { styleText } from 'node:util'
import type { Logger } from '../core/log.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { Counts } from '../core/telemetry.ts'
import { resolveSetting } from '../compile/settings.ts'
import type { DriverFactories } from '../runtime/connections.ts'
import { noCounts } from '../runtime/counts.ts'
import type { Worker } from '../runtime/worker.ts'
import type { Composition, Telemetry } from './composition.ts'
import { errorText, EXIT } from './exit.ts'
import { checkFeed, sendFeed, type Feed } from './feed.ts'
import { freshModules } from './fresh-modules.ts'
import { makeWorker } from './make-worker.ts'
import {
  choosePipelines,
  compileProject,
  findProject,
  loadCode,
  useColor,
  type LoadedCode,
} from './project.ts'
import { openSender } from './sender.ts'
import { onStopSignal } from './signals.ts'
import { number } from './summary.ts'
import { watchProject } from './watch.ts'

export interface DevOptions {
  readonly project?: string
  readonly pipelines: readonly string[]
  readonly embedded: boolean
  /** Sent anew to each configuration. */
  readonly feeds: readonly Feed[]
}

/** A configuration without a mistake, loaded. */
interface Good {
  readonly plan: FleetPlan
  readonly pipelines: readonly string[]
  readonly code: LoadedCode
}

/** Runs until it is told to stop; returns the exit code. */
export async function dev(options: DevOptions, composition: Composition): Promise<number> {
  const { world } = composition
  const root = findProject(options.project)
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), world.clock)
  const watch = await watchProject(root, world.clock)
  const modules = freshModules(root)
  const seat = new Seat(options, composition)
  try {
    let changed: readonly string[] = []
    do {
      if (changed.length > 0) say(`${changed.join(', ')} changed`)
      modules.renew()
      await seat.offer(() => loadGood(root, options.pipelines, composition.log))
      const next = await Promise.race([watch.next(), stop.promise.then(() => undefined)])
      changed = next ?? []
    } while (!stop.requested)
    return EXIT.ok
  } finally {
    await watch.close()
    await seat.close()
    stop.dispose()
  }
}

/** Undefined when there is a mistake; it has been printed then. */
async function loadGood(
  root: string,
  asked: readonly string[],
  log: Logger,
): Promise<Good | undefined> {
  const compiled = await compileProject(root, process.stderr, log)
  if (compiled === undefined) return undefined
  const pipelines = choosePipelines(compiled.plan, asked)
  return { plan: compiled.plan, pipelines, code: await loadCode(compiled, pipelines) }
}

/** Where one worker runs at a time. The drivers' state, if they are embedded, outlives each of them. */
class Seat {
  private readonly options: DevOptions
  private readonly composition: Composition
  private readonly factories: DriverFactories
  private readonly telemetry: Telemetry
  private running: { readonly good: Good; readonly worker: Worker } | undefined
  private counts: Counts = noCounts()

  constructor(options: DevOptions, composition: Composition) {
    this.options = options
    this.composition = composition
    this.factories = composition.drivers(options.embedded)
    this.telemetry = composition.telemetry(() => this.counts, {
      complete: false,
      standings: () => this.running?.worker.standings() ?? [],
    })
  }

  /** Never rejects: what cannot run is said, and what ran before goes on. */
  async offer(load: () => Promise<Good | undefined>): Promise<void> {
    const { clock } = this.composition.world
    const startedAt = clock.monotonic()
    const last = this.running
    try {
      const good = await load()
      if (good === undefined) return this.goesOn()
      await this.leave()
      await this.start(good)
      const verb = last === undefined ? 'runs' : 'runs again'
      const took = Math.round(clock.monotonic() - startedAt)
      say(`${good.pipelines.join(', ')} ${verb}, after ${number(took)} ms`)
      await this.feed(good.plan)
    } catch (error) {
      process.stderr.write(errorText(error))
      if (this.running === undefined && last !== undefined) await this.back(last.good)
      else this.goesOn()
    }
  }

  async close(): Promise<void> {
    await this.leave()
    await this.telemetry.close()
  }

  private async start(good: Good): Promise<void> {
    const { factories, telemetry } = this
    const worker = makeWorker({ ...good, factories, telemetry }, this.composition)
    this.counts = worker.counts
    try {
      await worker.start()
    } catch (error) {
      await worker.stop()
      throw error
    }
    this.running = { good, worker }
  }

  /** Drains: what is at work is finished or handed back, and nothing of it is lost. */
  private async leave(): Promise<void> {
    const { running } = this
    if (running === undefined) return
    this.running = undefined
    await running.worker.stop()
    for (const [name, c] of Object.entries(running.worker.counts.pipelines))
      say(
        `${name} drained: ${number(c.acked)} acked · ${number(c.filtered)} filtered · ${number(c.deadLettered)} dead-lettered`,
      )
  }

  private async back(good: Good): Promise<void> {
    try {
      await this.start(good)
      this.goesOn()
    } catch (error) {
      process.stderr.write(errorText(error))
      this.goesOn()
    }
  }

  private goesOn(): void {
    say(
      this.running === undefined
        ? 'nothing runs until that is mended'
        : 'the last good configuration runs on',
    )
  }

  private async feed(plan: FleetPlan): Promise<void> {
    const { world, env, log } = this.composition
    if (this.options.feeds.length === 0) return
    for (const feed of this.options.feeds) await checkFeed(feed, plan.topics)
    const prefix = resolveSetting(plan.prefix, env)
    const sender = openSender({ plan, factories: this.factories, prefix, world, log })
    try {
      for (const feed of this.options.feeds) {
        const sent = await sendFeed(feed, sender.sink(feed.topic), world)
        say(`${feed.file}: ${number(sent)} messages sent to ${feed.topic}`)
      }
    } finally {
      await sender.close()
    }
  }
}

function say(text: string): void {
  const line = `▸ ${text}`
  process.stderr.write(`${useColor(process.stderr) ? styleText('cyan', line) : line}\n`)
}
