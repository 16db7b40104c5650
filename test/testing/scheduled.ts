// The shop of the pipeline tests, run by a schedule.
import { FILES } from './project.ts'

export const SCHEDULED = {
  fleet: `${FILES['pipelines/fleet.yaml']}`,
  pipeline: `${FILES['pipelines/billing.yaml']}`
    .replace(
      'from: { topic: orders }',
      "from: { schedule: { cron: '0 3 * * *', timezone: UTC }, in: hot }",
    )
    .replace("when: event.data.sku !== 'free'\n", '')
    .replace('order: key', 'order: none')
    .replace('key: event.data.sku', 'key: event.data.scheduled_at')
    .replace(
      "body: '{ total: price.total }' }\nfailure",
      "body: '{ total: price.total, note: event.data.scheduled_at }' }\nfailure",
    ),
}
