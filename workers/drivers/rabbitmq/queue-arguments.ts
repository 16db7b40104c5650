// What a queue of fleet.yaml is called in RabbitMQ's own words.
import type { Queue } from '../../core/contract.ts'

export type Arguments = Readonly<Record<string, string | number | boolean>>

/** `version` is the broker's. https://www.rabbitmq.com/docs/queues#optional-arguments */
export function queueArguments(queue: Queue, version: string): Arguments {
  const { type, limit, singleActiveConsumer, deliveryLimit, retention, waits } = queue
  const { timeMs, bytes } = retention
  return {
    'x-queue-type': type,
    ...(limit?.messages === undefined ? {} : { 'x-max-length': limit.messages }),
    ...(limit?.bytes === undefined ? {} : { 'x-max-length-bytes': limit.bytes }),
    ...(limit === undefined
      ? {}
      : { 'x-overflow': limit.overflow === 'reject' ? 'reject-publish' : 'drop-head' }),
    ...(singleActiveConsumer ? { 'x-single-active-consumer': true } : {}),
    ...deliveries(type, deliveryLimit, version),
    ...(typeof timeMs === 'number' ? { 'x-max-age': `${Math.ceil(timeMs / 1000)}s` } : {}),
    ...(bytes === undefined ? {} : { 'x-max-length-bytes': bytes }),
    ...(waits === undefined ? {} : waitArguments(waits)),
  }
}

/**
 * From 4.0 on a quorum queue drops what came back 20 times, by deploys and lost connections too, unless it is told not to; earlier
 * ones drop nothing by themselves, and take that word for a limit of 0. https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
 */
function deliveries(type: Queue['type'], limit: number | undefined, version: string): Arguments {
  if (limit !== undefined) return { 'x-delivery-limit': limit }
  const [, major] = /^(\d+)\./.exec(version) ?? []
  return type === 'quorum' && Number(major) >= 4 ? { 'x-delivery-limit': -1 } : {}
}

/**
 * Moves what has waited only once the other queue has confirmed it, which RabbitMQ does for queues alone that refuse what is too much.
 * https://www.rabbitmq.com/docs/quorum-queues#activating-at-least-once-dead-lettering
 */
export const waitArguments = ({ ms, then }: NonNullable<Queue['waits']>): Arguments => ({
  'x-message-ttl': ms,
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': then,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
})
