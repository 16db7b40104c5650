// One simulated worker process: the real runtime in a world that can end at any moment.
import type { World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { Tracer } from '../core/telemetry.ts'
import { Worker, type WorkerOptions } from '../runtime/worker.ts'
import type { EmbeddedBrokers, Mortal } from '../testing/stage.ts'
import type { Answers } from './answers.ts'
import type { Chronicle } from './chronicle.ts'
import { forgetful } from './forgetful-drivers.ts'
import { mortalWorld, type MortalWorld } from './mortal-world.ts'
import { numberOf } from './trace-number.ts'
import { watched } from './watched-drivers.ts'
import { Wire, type WireParts } from './wire.ts'

export interface ProcessParts
  extends
    Pick<WorkerOptions, 'modules' | 'handlers' | 'checkOf'>,
    Pick<WireParts, 'crossings' | 'onFault'> {
  readonly name: string
  readonly plan: FleetPlan
  readonly pipeline: string
  readonly brokers: EmbeddedBrokers
  readonly world: World
  readonly chronicle: Chronicle
  readonly answers: Answers
  /** Each message does what it would do by itself. */
  readonly calm: boolean
  readonly log: Logger
}

export class Process {
  readonly name: string
  private readonly parts: ProcessParts
  private readonly worker: Worker
  private readonly mortal: MortalWorld
  /** By connection. */
  private readonly drivers: (readonly [connection: string, driver: Mortal])[] = []
  private die: () => void = () => {}
  private readonly death = new Promise<void>((resolve) => (this.die = resolve))
  private state: 'runs' | 'stopping' | 'over' = 'runs'

  constructor(parts: ProcessParts) {
    const { name, chronicle, brokers, crossings, onFault } = parts
    this.name = name
    this.parts = parts
    this.mortal = mortalWorld(parts.world)
    const isDead = () => this.state === 'over'
    const { world } = this.mortal
    const wire = new Wire({ world, isDead, crossings, onFault })
    const { kafka, rabbitmq, jobs } = brokers.factories
    const own = <Driver extends Mortal>(connection: { readonly name: string }, driver: Driver) => {
      this.drivers.push([connection.name, driver])
      return driver
    }
    const mortal: EmbeddedBrokers['factories'] = {
      ...brokers.factories,
      kafka: (connection, context) => own(connection, kafka(connection, context)),
      rabbitmq: (connection, context) => own(connection, rabbitmq(connection, context)),
      jobs: (connection, context) => own(connection, jobs(connection, context)),
    }
    this.worker = new Worker({
      ...parts,
      plan: { ...parts.plan, provision: true },
      // As under a supervisor: a broker that is away at the start is waited for.
      patient: true,
      prefix: '',
      pipelines: [parts.pipeline],
      factories: watched(parts.calm ? forgetful(mortal) : mortal, {
        process: name,
        wire,
        chronicle,
        isDead,
        answers: parts.answers,
      }),
      world,
      tracer: tracerOf(chronicle),
      meter: { processed: () => {} },
    })
    // A worker that cannot connect at first is told to the one who waits for it: it does not come to rest.
    this.worker.start().catch(() => {})
  }

  get isOver(): boolean {
    return this.state === 'over'
  }

  get runs(): boolean {
    return this.state === 'runs'
  }

  isIdle(): Promise<boolean> {
    return this.worker.isIdle().catch(() => false)
  }

  count(): void {
    const counts = this.worker.counts.pipelines[this.parts.pipeline]
    if (!this.isOver && counts !== undefined) this.parts.chronicle.count(this.name, counts)
  }

  /** From one instruction to the next; the group notices at once. */
  kill(): void {
    if (this.isOver) return
    this.state = 'over'
    this.parts.chronicle.add({ kind: 'killed', process: this.name })
    this.mortal.kill()
    this.die()
    for (const [, driver] of this.drivers) driver.crash()
  }

  /** Messages taken and not settled. */
  get inFlight(): number {
    return this.worker.counts.pipelines[this.parts.pipeline]?.inFlight ?? 0
  }

  /** False when it has no connection of that name that could be. */
  cut(connection: string): boolean {
    return this.each(connection, (driver) => driver.cut())
  }

  heal(connection: string): void {
    // What is dead stays where it is.
    if (!this.isOver) this.each(connection, (driver) => driver.heal())
  }

  /** Its broker takes away all that it holds. */
  expel(connection: string): void {
    this.each(connection, (driver) => driver.expel())
  }

  private each(connection: string, what: (driver: Mortal) => void): boolean {
    const own = this.drivers.filter(([name]) => name === connection)
    for (const [, driver] of own) what(driver)
    return own.length > 0
  }

  /** As on SIGTERM. */
  async stop(): Promise<void> {
    if (this.state !== 'runs') return
    this.state = 'stopping'
    const { chronicle, world } = this.parts
    chronicle.add({ kind: 'stopping', process: this.name })
    const startedAt = world.clock.monotonic()
    await Promise.race([this.worker.stop(), this.death])
    // What ends it while it drains leaves nothing to be waited for.
    if (this.isOver) return
    this.count()
    this.state = 'over'
    const tookMs = world.clock.monotonic() - startedAt
    chronicle.add({ kind: 'stopped', process: this.name, tookMs })
  }
}

/** Passes every trace on and remembers which step sends what. */
function tracerOf({ effects, senders }: Chronicle): Tracer {
  const below = (context: Parameters<Tracer['send']>[1]) => ({ ...SILENT, context })
  return {
    enabled: false,
    process: (_operation, parent) => below(parent),
    send({ messageId, step, item }, parent) {
      if (step !== undefined)
        effects.set(messageId, { step, ...(item === undefined ? {} : { item }) })
      senders.set(messageId, numberOf({ ...parent }))
      return below(parent)
    },
    cache: (_operation, parent) => below(parent),
    call: (_operation, parent) => below(parent),
    room: () => undefined,
  }
}

const nothing = () => {}
const SILENT = {
  traceId: '',
  spanId: '',
  event: nothing,
  link: nothing,
  set: nothing,
  fail: nothing,
  end: nothing,
}
