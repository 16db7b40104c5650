// What the pipelines of a fleet say about the values of its stores must meet.
import { allSteps } from '../core/plan-walk.ts'
import type { StoreStepPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import type { Path } from './yaml-file.ts'

/** A value without a version takes the place of any, and any takes its place: versions then hold nothing back. */
export function versionsAreOfAll(pipelines: readonly PlannedPipeline[], out: Diagnostics): void {
  const steps = pipelines.flatMap((planned) =>
    allSteps(planned.plan)
      .filter((step): step is StoreStepPlan => step.kind === 'store')
      .map((step) => ({ ...planned, step })),
  )
  const versioned = new Map(
    steps
      .filter(({ step }) => step.version !== undefined)
      .map(({ plan, step }) => [step.store, `${step.id} of pipeline ${plan.name}`]),
  )
  for (const { file, places, step } of steps) {
    const other = versioned.get(step.store)
    if (step.version === undefined && other !== undefined)
      out.warning(
        'SLU0571',
        file.at([...(places[step.index] as Path), 'store', 'in']),
        `values of "${step.store}" have no version here, and one in step ${other}`,
        'give both a version, or none: a value without one takes the place of a newer one',
      )
  }
}
