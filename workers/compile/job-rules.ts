// Combinations of jobs and the pipelines that add them: what would make one job two.
import type { JobsPlan, PipelinePlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import type { YamlFile } from './yaml-file.ts'

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
  const needed = longestMs(pipeline) + RESTART_MS
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

/** How long a message may be at work: all its attempts, and the pauses between them. */
function longestMs(pipeline: PipelinePlan): number {
  const { attempts, maxMs } = pipeline.failure.transient.retry
  const timeouts = allSteps(pipeline).map((step) =>
    step.kind === 'call' ? step.call.timeoutMs : step.kind === 'cache' ? step.load.timeoutMs : 0,
  )
  const onceMs = timeouts.reduce((sum, ms) => sum + ms, 0)
  return attempts * onceMs + (attempts - 1) * maxMs
}

/** Workers of one queue each take a part of it, and a job that waits for another attempt lets others pass. */
export function jobOrder({ file, plan }: PlannedPipeline, _fleet: Fleet, out: Diagnostics): void {
  const { from, order } = plan
  if (from.kind !== 'jobs' || order === 'none') return
  out.error(
    'SLU0546',
    file.at(['order']),
    `order: ${order} cannot hold: jobs are shared among workers, go by priority, and come again after a crash`,
    'write order: none, or read a topic or a queue',
  )
}
