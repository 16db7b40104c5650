// The counters of one process, zero for everything that could count, so that an absent event reads as 0 and not as missing.
import type { FleetPlan, PipelinePlan, StepPlan } from '../core/plan.ts'
import { lettersOfPipeline } from '../core/letter.ts'
import { tierNamesOf } from '../core/parking.ts'
import { allSteps, callOf } from '../core/plan-walk.ts'
import type { CacheCounts, Counts, PipelineCounts } from '../core/telemetry.ts'

/** Of a process that runs nothing. */
export const noCounts = (): Counts => ({
  pipelines: {},
  sent: {},
  caches: {},
  breakers: {},
  requests: {},
  replies: {},
  windows: {},
})

export function zeroCounts(plan: FleetPlan, pipelines: readonly PipelinePlan[]): Counts {
  const counts = noCounts()
  for (const pipeline of pipelines) {
    counts.pipelines[pipeline.name] = {
      accepted: 0,
      acked: 0,
      filtered: 0,
      deadLettered: 0,
      duplicates: 0,
      parked: 0,
      inFlight: 0,
      retried: 0,
      released: 0,
    }
    for (const destination of [...destinationsOf(pipeline), ...tierNamesOf(pipeline)])
      counts.sent[destination] = 0
    if (pipeline.reply !== undefined) counts.replies[pipeline.name] = { sent: 0, undeliverable: 0 }
    for (const step of allSteps(pipeline)) {
      if (step.kind === 'request')
        counts.requests[step.queue] = { pending: 0, answered: 0, failed: 0 }
      if (step.kind === 'window')
        counts.windows[windowName(pipeline, step)] = { counted: 0, late: 0, repeated: 0, closed: 0 }
      for (const cache of cachesOf(step))
        if (plan.caches[cache] !== undefined) counts.caches[cache] = zeroCache()
    }
  }
  return counts
}

export const zeroCache = (): CacheCounts => ({
  hits: 0,
  misses: 0,
  loads: 0,
  bypassed: 0,
  waited: 0,
  forgotten: 0,
})

/** Messages of which a process has made an end: nothing of them is in flight, and nothing was handed back. */
export const settledOf = (of: PipelineCounts): number =>
  of.acked + of.filtered + of.deadLettered + of.duplicates + of.parked

/** What a window step is called among those of all pipelines. */
export const windowName = ({ name }: PipelinePlan, { id }: StepPlan): string => `${name}/${id}`

/** Names of the caches that a step uses or forgets in, and those that its handler may use. */
export const cachesOf = (step: StepPlan): readonly string[] => [
  ...(step.kind === 'cache' || step.kind === 'forget' ? [step.cache] : []),
  ...(callOf(step)?.caches ?? []),
]

/** Names of topics, queues, exchanges, queues of jobs and stores that a pipeline may send to, dead letters included. */
export function destinationsOf(pipeline: PipelinePlan): string[] {
  return [...allSteps(pipeline).flatMap(destinationOf), ...lettersOfPipeline(pipeline)]
}

function destinationOf(step: StepPlan): string[] {
  switch (step.kind) {
    case 'command':
      return ['queue' in step.to ? step.to.queue : step.to.exchange]
    case 'event':
      return [step.topic]
    case 'request':
      return [step.queue]
    case 'job':
      return [step.jobs]
    case 'store':
      return [step.store]
    default:
      return []
  }
}
