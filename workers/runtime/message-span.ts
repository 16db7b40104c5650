// The span of a message at work, below whoever sent it.
import type { Span } from '../core/telemetry.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import type { Task } from './task.ts'
import { traceOf } from './trace-headers.ts'

/** A message that was parked says which attempt it waited for. */
export function startSpan({ plan, tracer, origin }: PipelineParts, task: Task): Span {
  const operation = origin.operation(task.group.lane, task.message)
  const span = tracer.process(
    { pipeline: plan.name, destination: origin.name, ...operation },
    traceOf(task.message.headers),
  )
  if (task.message.parked !== undefined)
    span.event('retry', { attempt: task.attempt, parked: true })
  return span
}
