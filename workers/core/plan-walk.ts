// Walks the steps of a pipeline. Whoever looks at every step does it by this, so that none is passed over.
import type { PipelinePlan, StepPlan } from './plan.ts'

/** In the order of the text, depth first: the place of a step in this list is its `index`. */
export const allSteps = ({ steps }: Pick<PipelinePlan, 'steps'>): readonly StepPlan[] => steps
