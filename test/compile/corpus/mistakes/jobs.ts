// Jobs: queues that are not declared as they should be, and steps that add what does not fit.
import { BILLING, FLEET, RETURNS, seeded } from '../corpus.ts'

const FROM = '  - id: issued\n'
const BODY = "{ subject: event.data.order_id, action: 'archive', level: 'info', at: event.time }"
const job = (fields: string) => `  - id: archive\n    job:\n      ${fields}\n${FROM}`
const ARCHIVES = 'archives: { in: hot, schema: commands/audit-entry }'

export const jobs = seeded('jobs', {
  [BILLING]: [
    {
      what: 'a misspelt queue of jobs',
      from: FROM,
      to: job(`to: archive\n      body: "${BODY}"`),
      line: 'to: archive\n',
      hint: /archives/,
    },
    {
      what: 'a job for a queue of RabbitMQ',
      from: FROM,
      to: job(`to: alerts\n      body: "${BODY}"`),
      line: 'to: alerts\n',
      hint: /command step/,
    },
    {
      what: 'a command for a queue of jobs',
      from: FROM,
      to: `  - id: archive\n    command: { to: archives, body: "${BODY}" }\n${FROM}`,
      line: 'to: archives,',
      hint: /job step/,
    },
    {
      what: 'a misspelt field in a job',
      from: FROM,
      to: job(`to: archives\n      body: "${BODY.replace('subject', 'subjct')}"`),
      line: 'subjct',
      hint: /subjct.*subject/s,
    },
    {
      what: 'a field that a job lacks',
      from: FROM,
      to: job(`to: archives\n      body: "${BODY.replace(", level: 'info'", '')}"`),
      line: 'body: "{ subject',
      hint: /level/,
    },
    {
      what: 'an id of a job that may be missing',
      from: FROM,
      to: job(`to: archives\n      id: event.data.note\n      body: "${BODY}"`),
      line: 'id: event.data.note',
      hint: /id of a job.*undefined|\?\?/s,
    },
    {
      what: 'an id of a job that is a list',
      from: FROM,
      to: job(`to: archives\n      id: event.data.lines\n      body: "${BODY}"`),
      line: 'id: event.data.lines',
      hint: /id of a job is a string or a number/,
    },
    {
      what: 'a priority of 0',
      from: FROM,
      to: job(`to: archives\n      priority: 0\n      body: "${BODY}"`),
      line: 'priority: 0',
      hint: /1/,
    },
    {
      what: 'a delay without a unit',
      from: FROM,
      to: job(`to: archives\n      delay: 10\n      body: "${BODY}"`),
      line: 'delay: 10',
      hint: /ms|10m/,
    },
    {
      what: 'attempts on a job, which are the pipeline’s that takes it',
      from: FROM,
      to: job(`to: archives\n      attempts: 5\n      body: "${BODY}"`),
      line: 'attempts: 5',
      hint: /attempts/,
    },
    {
      what: 'the value of a job step',
      from: FROM,
      to: job(`to: archives\n      body: "${BODY}"`),
      also: [
        { file: BILLING, from: 'gross: tax.gross, positions', to: 'gross: archive, positions' },
      ],
      line: 'gross: archive',
      hint: /job step has no value/,
    },
  ],
  [RETURNS]: [
    {
      what: 'a queue of jobs that is called a topic',
      from: 'topic: returns',
      to: 'topic: archives',
      line: 'topic: archives',
      hint: /from: \{ jobs/,
    },
    {
      what: 'the failed ones of jobs that the pipeline does not do',
      from: 'defect: { deadLetter: desk.dlq }',
      to: 'defect: { deadLetter: archives }',
      line: 'deadLetter: archives',
      hint: /queue of jobs/,
    },
  ],
  [FLEET]: [
    {
      what: 'jobs on a connection to Kafka',
      from: ARCHIVES,
      to: ARCHIVES.replace('hot', 'events'),
      hint: /redis.*hot/s,
    },
    {
      what: 'jobs without a schema',
      from: ARCHIVES,
      to: 'archives: { in: hot }',
      hint: /schema/,
    },
    {
      what: 'jobs with the name of a queue',
      from: ARCHIVES,
      to: 'alerts: { in: hot, schema: commands/audit-entry }',
      hint: /queue "alerts"/,
    },
    {
      what: 'jobs that are forgotten before a repeat may come',
      from: ARCHIVES,
      to: 'archives: { in: hot, schema: commands/audit-entry, retention: { completed: 10m } }',
      also: [{ file: BILLING, from: FROM, to: job(`to: archives\n      body: "${BODY}"`) }],
      line: 'completed: 10m',
      hint: /forgotten.*billing.*completed: \d+m/s,
    },
    {
      what: 'a retention that is no duration',
      from: ARCHIVES,
      to: 'archives: { in: hot, schema: commands/audit-entry, retention: { failed: never } }',
      hint: /forever|30d/,
    },
  ],
})
