// Turns a pipeline file into its plan and its compiled module; every name is looked up, every expression checked.
import type { ExpressionPlan, FromPlan, PipelinePlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { emitModule } from './emit.ts'
import { planFailure } from './failure-plan.ts'
import type { Fleet } from './fleet-plan.ts'
import { fill } from './grammar/fill.ts'
import { PIPELINE } from './grammar/pipeline.ts'
import { isMap, listOf, position, type Raw } from './raw.ts'
import { checkShape } from './shape.ts'
import { planSource } from './source-plan.ts'
import { checkSource } from './source-shape.ts'
import { StepPlanner } from './step-plan.ts'
import { checkSteps } from './step-shape.ts'
import { milliseconds } from './units.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** What the pipelines of a project have in common. */
export interface Surroundings {
  readonly fleet: Fleet
  readonly handlers: readonly string[]
}

export interface PlannedPipeline {
  readonly file: YamlFile
  readonly plan: PipelinePlan
  readonly module: string
  /** False: the plan holds what could be read, and must not run. */
  readonly shaped: boolean
  /** Where each expression that is right by itself is written; the others are not in it. */
  readonly written: ReadonlyMap<ExpressionPlan, Path>
  /** Where each step is written, by its index. */
  readonly places: readonly Path[]
  /** Names that expressions may use: `event` and the ids of steps with a value. */
  readonly values: ReadonlySet<string>
}

/** Names and expressions are checked as far as they are there, whatever the shape of the file; undefined when it is no map. */
export function planPipeline(
  file: YamlFile,
  around: Surroundings,
  out: Diagnostics,
): PlannedPipeline | undefined {
  const shaped = checkShape(file, [], file.value, PIPELINE, out)
  if (!isMap(file.value)) return undefined
  const raw = file.value
  const sourceShaped = checkSource(file, raw['from'], out)
  const stepsShaped = checkSteps(file, ['steps'], listOf(raw['steps']), out)
  const planned = assemble(file, raw, around, out)
  return { ...planned, shaped: shaped && sourceShaped && stepsShaped }
}

/** A broker hands over what others could work on as well: a queue is not hoarded. */
export const usualWindow = (from: FromPlan, concurrency: number): number =>
  from.kind === 'topic' ? 10_000 : 2 * concurrency

function assemble(
  file: YamlFile,
  raw: Raw,
  around: Surroundings,
  out: Diagnostics,
): Omit<PlannedPipeline, 'shaped'> {
  const written = fill(PIPELINE, raw)
  const name = String(written.pipeline)
  const from = planSource(file, raw['from'], name, around.fleet, out)
  const planner = new StepPlanner(file, around, out)
  const when = planner.expression(['when'], written.when)
  const steps = planner.steps(listOf(raw['steps']), ['steps'])
  const reply = planner.expression(['reply'], written.reply)
  const plan: PipelinePlan = {
    name,
    file: file.file,
    at: position(file, ['pipeline']),
    from,
    when: when?.plan,
    once: written.once === undefined ? undefined : { windowMs: milliseconds(written.once.window) },
    order: written.order,
    concurrency: written.concurrency,
    window: written.window ?? usualWindow(from, written.concurrency),
    steps: steps.map((step) => step.plan),
    reply: reply?.plan,
    failure: planFailure(file, written.failure, from, around.fleet, out),
  }
  const codes = steps.map((step) => step.code)
  const module = emitModule(name, when?.code, codes, reply?.code)
  const { written: expressions, places, values } = planner
  return { file, plan, module, written: expressions, places, values }
}
