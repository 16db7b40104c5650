// What a queue of fleet.yaml is called in RabbitMQ's own words.
import type { QueuePlan } from '../../core/plan.ts'

/** https://www.rabbitmq.com/docs/queues#optional-arguments */
export function queueArguments(queue: QueuePlan): Record<string, string | number | boolean> {
  const { type, limit, singleActiveConsumer, deliveryLimit, retention } = queue
  const { timeMs, bytes } = retention
  return {
    'x-queue-type': type,
    ...(limit?.messages === undefined ? {} : { 'x-max-length': limit.messages }),
    ...(limit?.bytes === undefined ? {} : { 'x-max-length-bytes': limit.bytes }),
    ...(limit === undefined
      ? {}
      : { 'x-overflow': limit.overflow === 'reject' ? 'reject-publish' : 'drop-head' }),
    ...(singleActiveConsumer ? { 'x-single-active-consumer': true } : {}),
    ...(deliveryLimit === undefined ? {} : { 'x-delivery-limit': deliveryLimit }),
    ...(typeof timeMs === 'number' ? { 'x-max-age': `${Math.ceil(timeMs / 1000)}s` } : {}),
    ...(bytes === undefined ? {} : { 'x-max-length-bytes': bytes }),
  }
}
