// Which breakers the steps of a pipeline go through, and which of them they cannot do without; pure.
import type { FleetPlan, PipelinePlan, StepPlan } from '../core/plan.ts'
import { allSteps, callOf } from '../core/plan-walk.ts'
import { cachesOf } from './counts.ts'

export interface BreakerUse {
  readonly name: string
  /** False for a cache that may be away: what it refuses is gone without. */
  readonly needed: boolean
}

/** Dead letters, answers and commits go through none: they are what makes a failure safe. */
export function breakersOf(plan: FleetPlan, pipeline: PipelinePlan): BreakerUse[] {
  const uses: BreakerUse[] = []
  const add = (name: string | undefined, needed: boolean) => {
    if (name !== undefined) uses.push({ name, needed })
  }
  const at = (connection: string | undefined) => plan.connections[connection ?? '']?.breaker
  for (const step of allSteps(pipeline)) {
    add(callOf(step)?.breaker, true)
    add(at(targetOf(plan, step)?.connection), true)
    for (const name of cachesOf(step)) {
      const cache = plan.caches[name]
      add(at(cache?.connection), cache?.whenDown === 'fail')
    }
  }
  return uses
}

function targetOf(plan: FleetPlan, step: StepPlan): { readonly connection: string } | undefined {
  switch (step.kind) {
    case 'event':
      return plan.topics[step.topic]
    case 'command':
      return 'queue' in step.to ? plan.queues[step.to.queue] : plan.exchanges[step.to.exchange]
    case 'request':
      return plan.queues[step.queue]
    case 'job':
      return plan.jobs[step.jobs]
    case 'store':
      return plan.stores[step.store]
    // What is to be forgotten is not gone without, whatever its cache may be.
    case 'forget':
      return plan.caches[step.cache]
    default:
      return undefined
  }
}
