// One more attempt of a message in its place: counted, noted, told, and how long to wait for it.
import { backoffMs } from './backoff.ts'
import type { Failure } from './failure.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import type { Task } from './task.ts'

/** Milliseconds. A handler that knows how long another attempt would be in vain is believed. */
export function nextAttempt(
  { plan, origin, counts, world, log }: PipelineParts,
  task: Task,
  { error, step }: Failure,
): number {
  const { retry } = plan.failure.transient
  const pause = error.retryAfterMs ?? backoffMs(retry, task.attempt, world.random)
  counts.retried++
  task.attempt++
  origin.note?.(task, task.progress)
  task.span?.event('retry', { attempt: task.attempt, code: error.code, afterMs: pause })
  log.debug(
    { code: error.code, step, offset: task.message.offset, pause },
    'A message is tried again.',
  )
  return pause
}
