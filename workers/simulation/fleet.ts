// The processes of one schedule on their host: they start, fail in what they do, and are replaced; all of it in virtual time.
import type { World } from '../core/clock.ts'
import { silentLog } from '../core/log.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import type { VirtualClock } from '../core/virtual-clock.ts'
import type { PipelineModule } from '../runtime/pipeline-parts.ts'
import type { EmbeddedBrokers } from '../testing/stage.ts'
import { answersOf } from './answers.ts'
import { fate } from './chance.ts'
import type { Chronicle } from './chronicle.ts'
import type { Crossing, Crossings, Direction } from './crossings.ts'
import { deadlyHandlers, findsDeadly } from './deadly-handlers.ts'
import { faultyHandlers, type Handlers } from './handler-faults.ts'
import { LoadKeys } from './load-keys.ts'
import { Process } from './process.ts'
import type { ScheduleParts } from './schedule.ts'

export interface FleetParts {
  readonly schedule: ScheduleParts
  readonly clock: VirtualClock
  /** As brokers see it. */
  readonly world: World
  readonly brokers: EmbeddedBrokers
  readonly chronicle: Chronicle
  /** Undefined: nothing ever fails on the way to a broker. */
  readonly crossings: Crossings | undefined
  readonly onFault: (id: string) => void
  /** Later, by so many milliseconds; the schedule waits for it. */
  readonly at: (ms: number, what: () => void) => void
}

/** Longest time until a supervisor has put another process in the place of one that died. */
const BACK_MS = 8_000

export class Fleet {
  readonly processes: Process[] = []
  private readonly parts: FleetParts
  private readonly host: World
  private readonly handlers: Handlers
  private readonly inputs: LoadKeys
  private skewMs = 0

  constructor(parts: FleetParts) {
    const { schedule, clock, world } = parts
    const { pipeline, code, faults, seed } = schedule
    this.parts = parts
    this.host = { ...world, clock: { ...clock, now: () => clock.now() + this.skewMs } }
    this.inputs = new LoadKeys(pipeline)
    this.handlers = faultyHandlers({
      handlers: code.handlers,
      seed,
      faults,
      inputs: this.inputs,
      retry: pipeline.failure.transient.retry,
      happened: (kind) => parts.onFault(kind),
    })
  }

  /** The first of those that nobody has told to stop. */
  get main(): Process | undefined {
    return this.processes.find(({ runs }) => runs)
  }

  /** The wall clock of the host jumps, for whoever runs there now and later. */
  jump(byMs: number): void {
    this.skewMs += byMs
  }

  start(): Process {
    const { schedule, brokers, chronicle, crossings } = this.parts
    const { code, pipeline, seed, calm } = schedule
    const module = code.modules[pipeline.name]
    const process: Process = new Process({
      ...code,
      plan: unguarded(code.plan, pipeline),
      modules: { [pipeline.name]: this.inputs.watched(module as PipelineModule) },
      handlers: this.handlersOf(() => process),
      name: `w${this.processes.length + 1}`,
      pipeline: pipeline.name,
      brokers,
      world: this.host,
      chronicle,
      crossings,
      onFault: (crossing, direction) => this.befall(process, crossing, direction),
      answers: answersOf(code.plan, code.checkOf, seed),
      calm,
      log: silentLog,
    })
    this.processes.push(process)
    return process
  }

  private handlersOf(process: () => Process): Handlers {
    const { handlers, inputs } = this
    const { code, faults, seed, calm } = this.parts.schedule
    if (!faults.has('poison') || !findsDeadly(code.plan)) return handlers
    const die = () => {
      this.parts.onFault('poison')
      this.replace(process(), `poison ${this.processes.length}`)
    }
    return deadlyHandlers({ handlers, seed, inputs, die: calm ? undefined : die })
  }

  private befall(process: Process, { id, fault }: Crossing, direction: Direction): void {
    const { onFault, chronicle } = this.parts
    onFault(id)
    if (fault === 'crash-midway') this.replace(process, id)
    else if (fault === 'lost-confirm' || (fault === 'timeout' && direction === 'back'))
      chronicle.add({ kind: 'doubted', process: process.name })
  }

  /** Who stops anyway has somebody who replaces it. */
  private replace(process: Process, why: string): void {
    const { runs } = process
    process.kill()
    const backMs = 1 + Math.floor(fate(this.parts.schedule.seed, why) * BACK_MS)
    if (runs) this.parts.at(backMs, () => void this.start())
  }
}

/** A guard judges traffic, and made-up traffic is no judge of a pipeline. */
const unguarded = (plan: FleetPlan, pipeline: PipelinePlan): FleetPlan => ({
  ...plan,
  pipelines: {
    ...plan.pipelines,
    [pipeline.name]: { ...pipeline, failure: { ...pipeline.failure, guard: undefined } },
  },
})
