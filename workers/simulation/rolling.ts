// Steps behind a window: what they do depends on all messages that were in it, so that no message shows by itself what they must do.
import type { PipelinePlan, StepPlan, WindowStepPlan } from '../core/plan.ts'
import { allSteps, holdersOf, sends } from '../core/plan-walk.ts'
import { usersOf } from '../core/step-uses.ts'

const windowsOf = (pipeline: PipelinePlan): WindowStepPlan[] =>
  allSteps(pipeline).filter((step): step is WindowStepPlan => step.kind === 'window')

/** Ids of all of them. */
export const rollingSteps = (pipeline: PipelinePlan): ReadonlySet<string> =>
  new Set(windowsOf(pipeline).flatMap((window) => usersOf(pipeline, window).map(({ id }) => id)))

/** Those that send something for each window, whatever is in it: ids by that of the window step. */
export function sendersOfEach(pipeline: PipelinePlan): ReadonlyMap<string, ReadonlySet<string>> {
  const isSender = (window: WindowStepPlan) => (step: StepPlan) => {
    const [holder, second] = holdersOf(pipeline, step.index)
    return (
      sends(step) &&
      step.when === undefined &&
      second === undefined &&
      holder?.kind === 'split' &&
      holder.when === undefined &&
      holder.over.text.trim() === window.id
    )
  }
  return new Map(
    windowsOf(pipeline).map((window) => [
      window.id,
      new Set(
        usersOf(pipeline, window)
          .filter(isSender(window))
          .map(({ id }) => id),
      ),
    ]),
  )
}
