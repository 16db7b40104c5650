// Turns a pipeline file into its plan and its compiled module; every name is looked up, every expression checked.
import type { ExpressionPlan, PipelinePlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { emitModule } from './emit.ts'
import { planFailure } from './failure-plan.ts'
import { topicOf, type Fleet } from './fleet-plan.ts'
import { fill } from './grammar/fill.ts'
import { PIPELINE } from './grammar/pipeline.ts'
import { known } from './names.ts'
import { isMap, listOf, position, textOf, type Raw } from './raw.ts'
import { checkShape } from './shape.ts'
import { StepPlanner } from './step-plan.ts'
import { checkSteps } from './step-shape.ts'
import { bytes } from './units.ts'
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
  const stepsShaped = checkSteps(file, ['steps'], listOf(raw['steps']), out)
  return { ...assemble(file, raw, around, out), shaped: shaped && stepsShaped }
}

function assemble(
  file: YamlFile,
  raw: Raw,
  around: Surroundings,
  out: Diagnostics,
): Omit<PlannedPipeline, 'shaped'> {
  const written = fill(PIPELINE, raw)
  const name = String(written.pipeline)
  const { topic, group, start, maxBytes } = written.from
  checkSource(file, topic, around.fleet, out)
  const planner = new StepPlanner(file, around, out)
  const when = planner.expression(['when'], written.when)
  const steps = planner.steps(listOf(raw['steps']), ['steps'])
  const plan: PipelinePlan = {
    name,
    file: file.file,
    at: position(file, ['pipeline']),
    from: { topic, group: textOf(group, name), start, maxBytes: bytes(maxBytes) },
    when: when?.plan,
    order: written.order,
    concurrency: written.concurrency,
    window: written.window,
    steps: steps.map((step) => step.plan),
    failure: planFailure(file, written.failure, topic, around.fleet, out),
  }
  const codes = steps.map((step) => step.code)
  const module = emitModule(name, when?.code, codes)
  const { written: expressions, places, values } = planner
  return { file, plan, module, written: expressions, places, values }
}

/** Messages are checked before anything else looks at them: a source has a schema. */
function checkSource(file: YamlFile, topic: unknown, fleet: Fleet, out: Diagnostics): void {
  const path = ['from', 'topic']
  if (!known(file, path, 'topic', topic, fleet.declared?.topics, 'SLU0302', out)) return
  const plan = topicOf(fleet, topic)
  if (plan?.deadLetters === true) {
    const hint = 'read from a topic of events; dead letters are bytes of any kind'
    out.error('SLU0310', file.at(path), `topic "${topic}" is for dead letters`, hint)
  } else if (plan !== undefined && plan.schema === undefined) {
    const hint = 'give it one in pipelines/fleet.yaml: messages are checked before anything else'
    out.error('SLU0309', file.at(path), `topic "${topic}" has no schema`, hint)
  }
}
