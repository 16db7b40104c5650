// Rules about window steps: what they close must go somewhere, whatever becomes of the message that closes it.
import type { StepPlan, WindowStepPlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import { isUsed, usersOf } from '../core/step-uses.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import type { Path } from './yaml-file.ts'

const isWindow = (step: StepPlan): step is WindowStepPlan => step.kind === 'window'

/** What each window has by itself. */
const OWN: readonly string[] = ['id', 'start', 'end', 'group', 'count']

export function measuresHaveNames(
  { file, plan, places }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  for (const step of allSteps(plan).filter(isWindow))
    for (const { name } of step.measures)
      if (OWN.includes(name))
        out.error(
          'SLU0580',
          file.key([...(places[step.index] as Path), 'window', 'measure', name]),
          `every window has "${name}" by itself`,
          'give the measure another name',
        )
}

/** Windows are handed over once: what nobody names is counted for nothing. */
export function windowsGoSomewhere(
  { file, plan, places }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  for (const step of allSteps(plan).filter(isWindow)) {
    const isAnswer = plan.reply !== undefined && isUsed(plan.reply.text, new Set([step.id]))
    if (!isAnswer && usersOf(plan, step).length === 0)
      out.error(
        'SLU0581',
        file.key([...(places[step.index] as Path), 'window']),
        `nothing uses the windows that "${step.id}" closes`,
        `let a later step send them: split: { over: ${step.id}, as: row, steps: […] }`,
      )
  }
}

/** Whoever is suppressed is done: what it closed would be forgotten unsent. */
export function dedupeComesBeforeWindows(
  { file, plan, places }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  const steps = allSteps(plan)
  const first = steps.find(isWindow)
  if (first === undefined) return
  for (const step of steps)
    if (step.kind === 'dedupe' && step.index > first.index)
      out.error(
        'SLU0582',
        file.key([...(places[step.index] as Path), 'dedupe']),
        `dedupe comes after window "${first.id}", and what a suppressed message closed would be lost`,
        'put it before the window: then no repeat is counted either',
      )
}
