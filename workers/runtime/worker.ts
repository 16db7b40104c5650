// One process at work: connects, creates what is missing, runs its pipelines, drains them; owns every connection it opened.
import type { Driver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { ConnectionPlan, PipelinePlan } from '../core/plan.ts'
import { parkingNamesOf } from '../core/parking.ts'
import { sourceName } from '../core/source-plan.ts'
import { workersFolder, type ProcessIdentity } from '../core/worker-status.ts'
import type { Check as ProbeCheck, Counts, PipelineStanding } from '../core/telemetry.ts'
import { backoffMs, OUTAGE_BACKOFF } from './backoff.ts'
import { assemble, type Assembled, type AssemblyParts } from './assemble.ts'
import {
  connectionOf,
  connectionsOf,
  connectWithin,
  makeConnections,
  isNeededThroughout,
  stateUse,
  type DriverFactories,
} from './connections.ts'
import { Breakers } from './breakers.ts'
import { destinationsOf, zeroCounts } from './counts.ts'
import { createFormats } from './formats/formats.ts'
import { registersSchema } from './formats/registered.ts'
import type { PipelineModule } from './pipeline-parts.ts'
import { provision } from './provision.ts'
import { Solo } from './quarantine/solo.ts'
import { readiness, standings } from './readiness.ts'
import { StatusBeat } from './status-beat.ts'

/** Whoever waits for a broker at its start says so after that. */
const SILENT_MS = 5_000

export interface WorkerOptions extends Omit<
  AssemblyParts,
  'connections' | 'formats' | 'breakers' | 'counts' | 'quarantine'
> {
  /** Names of the pipelines to run, all of them in the plan. */
  readonly pipelines: readonly string[]
  readonly modules: Readonly<Record<string, PipelineModule>>
  readonly factories: DriverFactories
  /** Waits for brokers as long as it takes, alive and not ready, instead of giving up after `connect.within`. */
  readonly patient?: boolean
}

export class Worker {
  readonly counts: Counts
  private readonly options: WorkerOptions
  private readonly plans: readonly PipelinePlan[]
  private readonly parts: AssemblyParts
  private readonly required = new Set<string>()
  private running: Assembled[] = []
  private state: 'new' | 'running' | 'draining' | 'stopped' = 'new'
  private starting: Promise<void> | undefined
  private stopping: Promise<void> | undefined
  private readonly id: string
  private identity: ProcessIdentity | undefined
  private beat: StatusBeat | undefined
  /** Aborted by `stop`: what start waits for, it waits for in vain. */
  private readonly halt = new AbortController()

  constructor(options: WorkerOptions) {
    this.options = options
    this.id = options.world.ids.next()
    const { plan, factories, world, log } = options
    this.plans = options.pipelines.map((name) => plan.pipelines[name] as PipelinePlan)
    this.counts = zeroCounts(plan, this.plans)
    const names = new Set<string>()
    for (const pipeline of this.plans) {
      const { required, optional } = connectionsOf(plan, pipeline)
      for (const name of required) this.required.add(name)
      for (const name of [...required, ...optional]) names.add(name)
    }
    if (plan.state !== undefined) names.add(stateUse(plan.state.connection))
    const connections = makeConnections({ plan, factories, world, log }, names)
    const { counts } = this
    const breakers = new Breakers({ plan, pipelines: this.plans, counts, world, log })
    const quarantine = plan.state && {
      solo: new Solo(),
      state: connections.state(plan.state.connection),
      holder: this.id,
    }
    const { prefix } = options
    const registryOf = connections.registry
    const formats = createFormats({ plan, prefix, registryOf, clock: world.clock })
    this.parts = { ...options, counts, connections, formats, breakers, quarantine }
  }

  /** Before `start`: the process is then listed in the state store for as long as it lives, if there is one. */
  announce(identity: ProcessIdentity): void {
    this.identity = identity
  }

  /**
   * Rejects with SLU1101 when a required connection is not up within `connect.within`, unless it is patient; then nothing has started.
   * After `stop` it resolves, and nothing has started either.
   */
  start(): Promise<void> {
    this.starting ??= this.begin().catch((error: unknown) => {
      if (!this.halt.signal.aborted) throw error
    })
    return this.starting
  }

  private async begin(): Promise<void> {
    this.beat = this.startBeat()
    await this.connect()
    await this.whileAway(() => this.provision())
    if (this.halt.signal.aborted) return
    this.running = this.plans.map((plan) =>
      assemble(this.parts, plan, this.options.modules[plan.name] as PipelineModule),
    )
    this.state = 'running'
    await Promise.all(this.running.map(({ source, intake }) => source.start(intake)))
  }

  private startBeat(): StatusBeat | undefined {
    const { plan, prefix, pipelines, world, log } = this.options
    if (plan.state === undefined || this.identity === undefined) return undefined
    const state = this.parts.connections.state(plan.state.connection)
    const folder = workersFolder(prefix, plan.fleet)
    const look = () => {
      const failing = this.checks().filter(({ status }) => status === 'fail')
      const draining = this.state === 'draining' || this.state === 'stopped'
      return {
        pipelines,
        state: draining ? 'draining' : failing.length === 0 ? 'ready' : 'unready',
        problem: failing.map(({ name, detail }) => `${name}: ${detail}`).join('; '),
        counts: this.counts.pipelines,
        caches: this.counts.caches,
      } as const
    }
    return new StatusBeat({ state, folder, id: this.id, identity: this.identity, look, world, log })
  }

  /** Takes nothing new, drains to the deadline, leaves its groups, disconnects. Idempotent; never rejects because of a broker. */
  stop(): Promise<void> {
    this.stopping ??= this.drain()
    return this.stopping
  }

  /** Everything that stood on the sources when asked has been settled. */
  async isIdle(): Promise<boolean> {
    const isQuiet = () => this.running.every(({ pipeline }) => pipeline.idle)
    if (!isQuiet()) return false
    const before = this.accepted()
    const backlogs = await Promise.all(this.running.map(({ source }) => source.backlog()))
    // What was taken and settled while we asked may have made more.
    return backlogs.every((left) => left === 0) && isQuiet() && this.accepted() === before
  }

  private accepted(): number {
    return Object.values(this.counts.pipelines).reduce((sum, { accepted }) => sum + accepted, 0)
  }

  /** Names of pipelines that their guard has paused. */
  paused(): string[] {
    return this.running
      .filter(({ pipeline }) => pipeline.guard?.tripped === true)
      .map(({ name }) => name)
  }

  checks(): ProbeCheck[] {
    return readiness({
      state: this.state,
      required: [...this.required]
        .filter(isNeededThroughout)
        .map((name) => [name, this.driver(name)] as const),
      pipelines: this.running,
      clock: this.options.world.clock,
    })
  }

  /** Of those that run. */
  standings(): PipelineStanding[] {
    return standings(this.running, this.options.world.clock)
  }

  private async connect(): Promise<void> {
    const { plan, log } = this.options
    const attempts: Promise<void>[] = []
    for (const [name, driver] of this.parts.connections.all) {
      const connection = plan.connections[connectionOf(name)] as ConnectionPlan
      if (this.required.has(name)) attempts.push(this.connectTo(driver, connection))
      else
        driver.connect().catch((error: unknown) => {
          log.warn(
            { connection: name, err: error },
            name === connectionOf(name)
              ? 'A cache is away; the pipeline goes on without it.'
              : 'The state store is away; pipelines go on without it.',
          )
        })
    }
    try {
      await Promise.all(attempts)
    } catch (error) {
      await this.disconnect()
      throw error
    }
  }

  private async connectTo(driver: Driver, connection: ConnectionPlan): Promise<void> {
    const { plan, world, log, patient } = this.options
    const { connectWithinMs } = plan
    const { signal } = this.halt
    const { name, at } = connection
    const timer = world.clock.after(Math.min(SILENT_MS, connectWithinMs), () => {
      log.warn(
        { code: 'SLU1101', connection: name, at: `${at.file}:${at.line}` },
        'A broker is away; the worker waits for it and is not ready until then.',
      )
    })
    try {
      const withinMs = patient === true ? Infinity : connectWithinMs
      await connectWithin(driver, connection, withinMs, world, signal)
    } finally {
      timer.cancel()
    }
  }

  /** A patient worker asks again when the broker went away meanwhile. */
  private async whileAway(work: () => Promise<void>): Promise<void> {
    const { world, log, patient } = this.options
    for (let times = 1; ; times++) {
      try {
        await work()
        return
      } catch (error) {
        const again = patient === true && error instanceof SluiceError && error.outage
        if (!again || this.halt.signal.aborted) throw error
        log.debug({ err: error, times }, 'A broker went away before everything was there.')
        await world.clock.sleep(backoffMs(OUTAGE_BACKOFF, times, world.random), this.halt.signal)
      }
    }
  }

  private async provision(): Promise<void> {
    const { plan, prefix, log } = this.options
    const { connections, formats } = this.parts
    const names = new Set(
      this.plans.flatMap((pipeline) => [
        sourceName(pipeline.from),
        ...destinationsOf(pipeline),
        ...parkingNamesOf(pipeline),
      ]),
    )
    const written = new Set(this.plans.flatMap(destinationsOf))
    // Before the first message: what is written later needs nobody's answer, whoever registers it.
    for (const name of names) {
      const format = formats(name)
      if (format === undefined) continue
      const ours = registersSchema(plan, name)
      if (!ours && plan.provision) await format.begin()
      if (ours || written.has(name)) await format.prepare(ours && plan.provision)
    }
    if (!plan.provision) return
    for (const connection of connections.all.keys()) {
      const created = await provision({ plan, prefix, connections, names }, connection)
      if (created.length > 0) log.info({ connection, created }, 'Created what was missing.')
    }
  }

  private async drain(): Promise<void> {
    this.state = 'draining'
    this.halt.abort()
    this.beat?.hurry()
    if (this.running.length === 0) await this.disconnect()
    await this.starting?.catch(() => {})
    await Promise.allSettled(this.running.map(({ source }) => source.stop()))
    for (const { pipeline } of this.running) pipeline.stop()
    this.parts.breakers.stop()
    await this.beat?.stop()
    await this.disconnect()
    this.state = 'stopped'
  }

  private async disconnect(): Promise<void> {
    await Promise.allSettled(
      [...this.parts.connections.all.values()].map((driver) => driver.close()),
    )
  }

  private driver(name: string): Driver {
    return this.parts.connections.all.get(name) as Driver
  }
}
