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

/** Whoever asks waits for an answer; whoever does not ask has nobody to answer. */
export function answersAreGiven(
  { file, plan }: PlannedPipeline,
  fleet: Fleet,
  out: Diagnostics,
): void {
  const { from, reply, when } = plan
  const queue =
    from.kind === 'queue' && Object.hasOwn(fleet.queues, from.queue)
      ? fleet.queues[from.queue]
      : undefined
  if (from.kind === 'queue' && queue === undefined) return
  if (queue?.reply !== undefined && reply === undefined)
    out.error(
      'SLU0527',
      file.key(['from']),
      `queue "${queue.name}" is asked for answers, and the pipeline gives none`,
      `add reply: an expression that fits ${queue.reply}`,
    )
  else if (queue?.reply === undefined && reply !== undefined)
    out.error(
      'SLU0527',
      file.key(['reply']),
      'nobody asks for an answer',
      from.kind === 'queue'
        ? `remove it, or give queue "${from.queue}" reply: <schema> in pipelines/fleet.yaml`
        : `remove it: only queues are asked, and this pipeline reads a ${from.kind}`,
    )
  else if (reply !== undefined && when !== undefined)
    out.error(
      'SLU0528',
      file.key(['when']),
      'a request that is filtered is never answered',
      'remove it, and let a route decide what is answered',
    )
}

/** A broker that gives a message up drops it, and nobody would ever know. */
export function neverDropped(
  { file, plan }: PlannedPipeline,
  fleet: Fleet,
  out: Diagnostics,
): void {
  const { from } = plan
  if (from.kind !== 'queue' || !Object.hasOwn(fleet.queues, from.queue)) return
  const { deliveryLimit } = fleet.queues[from.queue] as Fleet['queues'][string]
  if (deliveryLimit !== undefined)
    out.error(
      'SLU0529',
      file.at(['from', 'queue']),
      `after ${deliveryLimit} deliveries RabbitMQ drops a message of "${from.queue}", which pipeline "${plan.name}" reads`,
      'remove deliveryLimit from it in pipelines/fleet.yaml: failing messages become dead letters by themselves',
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
