// What words about a mistake need of the pipeline, or of what stands in for one, that it was made in.
import type { FromPlan, PipelinePlan } from '../../core/plan.ts'
import type { PlannedPipeline } from '../pipeline-plan.ts'

export interface Checked extends Pick<PlannedPipeline, 'file' | 'written'> {
  /** Without a source its expressions see an alert in place of an event. */
  readonly plan: Pick<PipelinePlan, 'steps'> & { readonly from?: FromPlan }
}
