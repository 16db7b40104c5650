// Puts together what asks over a queue, and what answers.
import { queueAt } from '../core/address.ts'
import type { PipelinePlan, QueuePlan, RequestStepPlan } from '../core/plan.ts'
import type { ReplyCounts, RequestCounts } from '../core/telemetry.ts'
import { createReply } from '../steps/reply.ts'
import { createRequest } from '../steps/request.ts'
import type { AssemblyParts } from './assemble.ts'
import { guardedStep } from './breaker-guarded.ts'
import type { ReplyParts, StepParts } from './message-run.ts'
import { parseValue } from './parse-value.ts'

/** Answers are as large as questions may be. */
const MAX_REPLY_BYTES = 1024 * 1024

export function requestParts(
  parts: AssemblyParts,
  pipeline: PipelinePlan,
  step: RequestStepPlan,
): StepParts {
  const { plan, prefix, connections, checkOf, counts, tracer, world } = parts
  const queue = queueAt(prefix, plan.queues[step.queue] as QueuePlan)
  const driver = connections.queue(queue.connection)
  return {
    plan: step,
    driver,
    request: guardedStep(
      parts.breakers.ofConnection(queue.connection),
      createRequest({
        plan: step,
        pipeline: pipeline.name,
        source: `/${plan.fleet}/${pipeline.name}`,
        queue,
        requests: driver.requests,
        check: checkOf(queue.schema as string),
        parse: (value) => parseValue(value, MAX_REPLY_BYTES),
        checkReply: checkOf(queue.reply as string),
        tracer,
        world,
        sent: counts.sent,
        counts: counts.requests[step.queue] as RequestCounts,
      }),
    ),
  }
}

/** Undefined: nobody asks. */
export function answerOf(
  parts: AssemblyParts,
  { name, from, reply }: PipelinePlan,
): ReplyParts | undefined {
  if (reply === undefined || from.kind !== 'queue') return undefined
  const queue = parts.plan.queues[from.queue] as QueuePlan
  const driver = parts.connections.queue(queue.connection)
  return {
    driver,
    reply: createReply({
      plan: reply,
      pipeline: name,
      queue: queue.name,
      requests: driver.requests,
      check: parts.checkOf(queue.reply as string),
      tracer: parts.tracer,
      world: parts.world,
      counts: parts.counts.replies[name] as ReplyCounts,
    }),
  }
}
