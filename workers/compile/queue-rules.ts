// What a pipeline cannot ask of a queue.
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'

/** A prefetch has 16 bits. https://www.rabbitmq.com/amqp-0-9-1-reference#basic.qos */
const MAX_PREFETCH = 65_535

/** Two consumers of one queue each get a part of it: what the one has says nothing about the other. */
export function queueOrder({ file, plan }: PlannedPipeline, fleet: Fleet, out: Diagnostics): void {
  const { from, order } = plan
  if (from.kind !== 'queue' || order === 'none') return
  const queue = Object.hasOwn(fleet.queues, from.queue) ? fleet.queues[from.queue] : undefined
  if (queue !== undefined && !queue.singleActiveConsumer)
    out.error(
      'SLU0525',
      file.at(['order']),
      `order: ${order} cannot hold: queue "${from.queue}" shares its messages among its consumers`,
      'write order: none, or give the queue singleActiveConsumer: true in pipelines/fleet.yaml',
    )
}

export function prefetchFits(
  { file, plan }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  if (plan.from.kind !== 'queue' || plan.window <= MAX_PREFETCH) return
  const { value } = file
  const isWritten = typeof value === 'object' && value !== null && Object.hasOwn(value, 'window')
  out.error(
    'SLU0524',
    file.at([isWritten ? 'window' : 'concurrency']),
    `a window of ${plan.window} is more than RabbitMQ can hand over at once`,
    `the window of a queue is its prefetch: ${MAX_PREFETCH} at most`,
  )
}
