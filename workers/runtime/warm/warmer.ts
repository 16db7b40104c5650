// Fills the caches of a pipeline by messages such as it reads, on connections that are open; takes nothing from a source and sends nothing.
import type { Lane } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { LogMessage } from '../../core/message.ts'
import type { PipelinePlan } from '../../core/plan.ts'
import { allSteps } from '../../core/plan-walk.ts'
import { sourceName, sourcePlan, type SourcePlan } from '../../core/source-plan.ts'
import { Refreshes } from '../../steps/refreshes.ts'
import { cacheSteps, type AssemblyParts } from '../assemble.ts'
import type { Decode } from '../decode.ts'
import type { TopicFormat } from '../formats/topic-format.ts'
import { logDecode } from '../log-origin.ts'
import type { PipelineModule } from '../pipeline-parts.ts'
import { EndOfWarmth, WarmRun, type WarmParts } from './warm-run.ts'

/** asked: its caches were. */
export type Warmed = 'asked' | 'filtered' | 'invalid'

const LOOK_MS = 10

export class Warmer {
  private readonly parts: AssemblyParts
  private readonly pipeline: PipelinePlan
  private readonly module: PipelineModule
  private readonly format: TopicFormat | undefined
  private readonly decode: Decode
  private readonly steps: Omit<WarmParts, 'context'>
  private readonly refreshes: Refreshes
  private readonly end = new AbortController()

  /** `format`: of the messages; undefined: they are JSON. `atOnce`: as many stale entries are loaded anew at once. */
  constructor(
    parts: AssemblyParts,
    pipeline: PipelinePlan,
    module: PipelineModule,
    format: TopicFormat | undefined,
    atOnce: number,
  ) {
    const plan = sourcePlan(parts.plan, pipeline.from) as SourcePlan
    const check = plan.schema === undefined ? () => undefined : parts.checkOf(plan.schema)
    this.parts = parts
    this.pipeline = pipeline
    this.module = module
    this.format = format
    this.decode = logDecode({ fleet: parts.plan.fleet, plan, from: pipeline.from, check, format })
    this.refreshes = new Refreshes(atOnce)
    this.steps = { steps: allSteps(pipeline), caches: cacheSteps(parts, pipeline, this.refreshes) }
  }

  /** Rejects with why a value could not be loaded. */
  async warm(message: LogMessage, partition: number): Promise<Warmed> {
    const { pipeline, module, parts } = this
    const lane: Lane = {
      id: `${sourceName(pipeline.from)}/${partition}`,
      partition,
      live: () => true,
    }
    let event
    try {
      if (message.value !== null) await this.format?.learn(message.value)
      event = this.decode(message, lane)
    } catch (error) {
      if (error instanceof SluiceError && error.failure === 'invalid') return 'invalid'
      throw error
    }
    if (event === 'skip' || module.accepts?.(event) === false) return 'filtered'
    const span = parts.tracer.process(
      { pipeline: pipeline.name, destination: sourceName(pipeline.from), system: 'kafka' },
      {},
    )
    const { signal } = this.end
    const context = { envelope: event, attempt: 1, span, signal, assertLive: () => {} }
    try {
      await module.steps(event, new WarmRun({ ...this.steps, context }))
    } catch (error) {
      if (!(error instanceof EndOfWarmth)) throw error
    } finally {
      span.end()
    }
    return 'asked'
  }

  /** What was stale is loaded anew by then. */
  async rest(): Promise<void> {
    const { clock } = this.parts.world
    while (!this.refreshes.idle) await clock.sleep(LOOK_MS)
  }
}
