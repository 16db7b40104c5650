// How long the work on one message may take by its plan; what a broker's absence adds is not in it.
import type { PipelinePlan } from './plan.ts'
import { allSteps } from './plan-walk.ts'

/** One attempt, as far as its handlers have deadlines. */
export function longestAttemptMs(pipeline: Pick<PipelinePlan, 'steps'>): number {
  let sum = 0
  for (const step of allSteps(pipeline)) {
    if (step.kind === 'call') sum += step.call.timeoutMs
    if (step.kind === 'cache') sum += step.load.timeoutMs
  }
  return sum
}

/** All attempts and the waits between them. */
export function longestTriesMs(pipeline: Pick<PipelinePlan, 'steps' | 'failure'>): number {
  const { attempts, firstMs, maxMs } = pipeline.failure.transient.retry
  let sum = attempts * longestAttemptMs(pipeline)
  for (let n = 1; n < attempts; n++) sum += Math.min(maxMs, firstMs * 2 ** (n - 1))
  return sum
}
