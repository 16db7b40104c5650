// Combinations of jobs and the pipelines that add them: what would make one job two.
import { longestTriesMs } from '../core/attempt-time.ts'
import type { ExpressionPlan, JobsPlan, PipelinePlan } from '../core/plan.ts'
import { allSteps, holdersOf } from '../core/plan-walk.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export function checkJobs(
  pipelines: readonly PlannedPipeline[],
  fleet: Fleet,
  file: YamlFile,
  out: Diagnostics,
): void {
  for (const jobs of Object.values(fleet.jobs))
    for (const { plan } of pipelines)
      if (allSteps(plan).some((step) => step.kind === 'job' && step.jobs === jobs.name))
        remembered(jobs, plan, file, out)
}

/** A killed worker is back by then. */
const RESTART_MS = 60_000

function remembered(
  { name, retention }: JobsPlan,
  pipeline: PipelinePlan,
  file: YamlFile,
  out: Diagnostics,
): void {
  const needed = longestTriesMs(pipeline) + RESTART_MS
  const ends = [
    ['completed', retention.completedMs],
    ['failed', retention.failedMs],
  ] as const
  for (const [end, ms] of ends)
    if (ms !== 'forever' && ms < needed)
      out.error(
        'SLU0545',
        file.at(['jobs', name, 'retention', end]),
        `jobs are forgotten ${ms} ms after they ${end === 'failed' ? 'failed' : 'were done'}, and pipeline "${pipeline.name}" may add one again for ${needed} ms`,
        `the same job would be done twice: write ${end}: ${Math.ceil(needed / 60_000)}m or more`,
      )
}

/** With one id for all items of a split only the first would add a job, and the others would be taken for its repeats. */
export function jobsOfItemsDiffer(
  { file, plan, places }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  for (const step of allSteps(plan)) {
    const split = holdersOf(plan, step.index).findLast((holder) => holder.kind === 'split')
    if (step.kind !== 'job' || step.identity === undefined || split?.kind !== 'split') continue
    const inside = [split.as, ...allSteps(split).map(({ id }) => id)]
    if (inside.some((name) => names(step.identity as ExpressionPlan, name))) continue
    out.error(
      'SLU0538',
      file.at([...(places[step.index] as Path), 'job', 'id']),
      `the id of the job is the same for each ${split.as}`,
      `only the first would add a job: let the id name ${split.as}, or leave it out`,
    )
  }
}

const names = ({ text }: ExpressionPlan, name: string) =>
  new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(text)

/** Workers of one queue each take a part of it, and a job that waits for another attempt lets others pass. */
export function jobOrder({ file, plan }: PlannedPipeline, _fleet: Fleet, out: Diagnostics): void {
  const { from, order } = plan
  if ((from.kind !== 'jobs' && from.kind !== 'schedule') || order === 'none') return
  out.error(
    'SLU0546',
    file.at(['order']),
    `order: ${order} cannot hold: ${from.kind === 'jobs' ? 'jobs' : 'firings'} are shared among workers, and come again after a crash`,
    'write order: none, or read a topic or a queue',
  )
}
