// How long the work on one message may take by its plan; what a broker's absence adds is not in it.
import { tierAfter } from './parking.ts'
import type { PipelinePlan, StepPlan } from './plan.ts'
import { blocksOf, callOf } from './plan-walk.ts'

/** One attempt, as far as it waits for handlers and answers: one branch of a route, and as many items as a split may have. */
export const longestAttemptMs = ({ steps }: Pick<PipelinePlan, 'steps'>): number =>
  steps.reduce((sum, step) => sum + longestStepMs(step), 0)

function longestStepMs(step: StepPlan): number {
  const call = callOf(step)
  if (call !== undefined) return call.timeoutMs + (step.kind === 'cache' ? (step.leaseMs ?? 0) : 0)
  if (step.kind === 'request') return step.timeoutMs
  const within = Math.max(0, ...blocksOf(step).map(longestAttemptMs))
  return step.kind === 'split' ? step.limit * within : within
}

/** Besides handlers, answers and waits. */
const REST_MS = 30_000

/** For so long a worker that is well may be silent about a message: one attempt, the wait for another one, and the rest. */
export const longestSilenceMs = (pipeline: Pick<PipelinePlan, 'steps' | 'failure'>): number =>
  REST_MS + longestAttemptMs(pipeline) + pipeline.failure.transient.retry.maxMs

/** All attempts and the waits between them, parked ones included. */
export function longestTriesMs(pipeline: Pick<PipelinePlan, 'steps' | 'failure'>): number {
  const { retry } = pipeline.failure.transient
  let sum = retry.attempts * longestAttemptMs(pipeline)
  for (let n = 1; n < retry.attempts; n++)
    sum += tierAfter(retry, n)?.delayMs ?? Math.min(retry.maxMs, retry.firstMs * 2 ** (n - 1))
  return sum
}
