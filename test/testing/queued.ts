// The shop of the pipeline tests, fed by a queue.
import { FILES } from './project.ts'

export const QUEUED = {
  fleet: `${FILES['pipelines/fleet.yaml']}`.replace(
    'queues:\n',
    'queues:\n  orders_in: { in: work, schema: events/order, envelope: { id: data.id } }\n',
  ),
  pipeline: `${FILES['pipelines/billing.yaml']}`
    .replace('from: { topic: orders }', 'from: { queue: orders_in }')
    .replace('order: key', 'order: none'),
}
