// The shop of the pipeline tests, fed by jobs, whose failed ones stay where they are.
import { FILES } from './project.ts'

export const WORKING = {
  fleet: `${FILES['pipelines/fleet.yaml']}jobs:\n  orders_in: { in: hot, schema: events/order }\n`,
  pipeline: `${FILES['pipelines/billing.yaml']}`
    .replace('from: { topic: orders }', 'from: { jobs: orders_in }')
    .replace('order: key', 'order: none')
    .replaceAll('deadLetter: orders.dlq', 'deadLetter: orders_in'),
}
