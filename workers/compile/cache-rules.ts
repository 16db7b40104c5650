// What the pipelines of a fleet say about the entries of its caches must meet.
import { allSteps } from '../core/plan-walk.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import type { Path } from './yaml-file.ts'

/** Handlers and other services may give tags as well: a cache that no step tags is only likely to be the wrong one. */
export function forgottenAreTagged(
  pipelines: readonly PlannedPipeline[],
  { caches }: Fleet,
  out: Diagnostics,
): void {
  const tagged = new Set(
    pipelines.flatMap(({ plan }) =>
      allSteps(plan).flatMap((step) =>
        step.kind === 'cache' && step.tags !== undefined ? [step.cache] : [],
      ),
    ),
  )
  for (const { file, plan, places } of pipelines)
    for (const step of allSteps(plan))
      if (step.kind === 'forget' && Object.hasOwn(caches, step.cache) && !tagged.has(step.cache))
        out.warning(
          'SLU0570',
          file.at([...(places[step.index] as Path), 'forget', 'in']),
          `no cache step gives tags to the entries of "${step.cache}"`,
          'add tags: to the cache step that fills it; what handlers and other services tag is forgotten as well',
        )
}
