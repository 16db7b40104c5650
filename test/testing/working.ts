// The shop of the pipeline tests, fed by jobs, whose failed ones stay where they are.
import { FILES } from './project.ts'

export const WORKING = {
  fleet: `${FILES['pipelines/fleet.yaml']}jobs:\n  orders_in: { in: hot, schema: events/order }\n`,
  pipeline: `${FILES['pipelines/billing.yaml']}`
    .replace('from: { topic: orders }', 'from: { jobs: orders_in }')
    .replace('order: key', 'order: none')
    .replaceAll('deadLetter: orders.dlq', 'deadLetter: orders_in'),
}

/** The shop, which adds a job for each order that it bills. */
export const ADDING = {
  fleet: `${FILES['pipelines/fleet.yaml']}jobs:\n  bills: { in: hot, schema: events/bill }\n`,
  pipeline: `${FILES['pipelines/billing.yaml']}`.replace(
    '  - id: settle',
    "  - id: book\n    job: { to: bills, delay: 5s, body: '{ total: price.total }' }\n  - id: settle",
  ),
}
