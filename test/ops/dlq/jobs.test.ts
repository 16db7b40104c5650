// Dead letters of jobs and of schedules: where they are found, and what goes back.
import { expect, test } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { silentLog } from '../../../workers/core/log.ts'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import { createEmbeddedJobDriver } from '../../../workers/drivers/embedded/job-driver.ts'
import { EmbeddedJobs } from '../../../workers/drivers/embedded/jobs.ts'
import { EmbeddedRedis } from '../../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../../workers/drivers/embedded/state-driver.ts'
import { noAudit } from '../../../workers/ops/dlq/audit.ts'
import {
  destinationsOf,
  lettersOf,
  type Destination,
} from '../../../workers/ops/dlq/destinations.ts'
import { messageBack } from '../../../workers/ops/dlq/back.ts'
import { readLetter, type Letter } from '../../../workers/ops/dlq/letter.ts'
import { Ledger } from '../../../workers/ops/dlq/ledger.ts'
import { Operator } from '../../../workers/ops/dlq/operator.ts'
import { originConnections, targetOf } from '../../../workers/ops/dlq/origin.ts'
import { RecordingIntake } from '../../support/recording-intake.ts'
import { jobOf } from '../../contract/jobs.contract.ts'
import { createTracer } from '../../../workers/telemetry/tracer.ts'
import { compile, edited, FLEET, PIPELINE } from '../../compile/project.ts'

const pipeline = (name: string, from: string, letters: string) => `pipeline: ${name}
from: ${from}
order: none
steps:
  - id: announce
    event: { to: billed, key: event.id, body: '{ total: 1 }' }
failure:
  invalid: { deadLetter: ${letters} }
  transient: { retry: { attempts: 1, first: 1s, max: 1s, jitter: none }, deadLetter: ${letters} }
  defect: { deadLetter: ${letters} }
`

function desk() {
  const { plan, diagnostics } = compile({
    'pipelines/fleet.yaml': edited(
      'caches:',
      'jobs:\n  reviews: { in: hot, schema: events/order }\n  others: { in: hot, schema: events/order }\ncaches:',
      FLEET,
    ),
    'pipelines/billing.yaml': PIPELINE,
    'pipelines/working.yaml': pipeline('working', '{ jobs: reviews }', 'reviews'),
    'pipelines/nightly.yaml': pipeline(
      'nightly',
      "{ schedule: { cron: '0 3 * * *' }, in: hot }",
      'orders.dlq',
    ),
  })
  expect(diagnostics).toEqual([])
  const state = new EmbeddedJobs(systemWorld.clock)
  const jobs = createEmbeddedJobDriver(state, {
    world: systemWorld,
    log: silentLog,
    origin: 'test',
    clientId: 'test',
  })
  const none = () => {
    throw new Error('nothing of it is used here')
  }
  const reach = {
    plan: plan as FleetPlan,
    prefix: '',
    formats: () => undefined,
    connections: { log: none, queue: none, jobs: () => jobs },
  }
  return { reach, jobs, state }
}

const headers = (more: Record<string, string>) => ({
  'sluice-dlq-version': '1',
  'sluice-dlq-code': 'SLU5102',
  'sluice-dlq-class': 'defect',
  'sluice-dlq-reason': 'told to',
  'sluice-dlq-fleet': 'shop',
  'sluice-dlq-attempts': '1',
  'sluice-dlq-timestamp': '2026-01-01T03:00:00.000Z',
  'sluice-dlq-failed-at': '2026-01-01T03:00:01.000Z',
  'sluice-dlq-payload': 'complete',
  'sluice-dlq-payload-bytes': '2',
  ...more,
})

const back = (letter: Letter) =>
  messageBack({
    letter,
    original: {
      key: null,
      value: letter.message.value,
      content: letter.content,
      headers: {},
    },
    edited: undefined,
    count: 1,
    timestamp: 0,
    trace: {},
  })

test('failed jobs are read where they are, by those alone that leave them there', async () => {
  const { reach, jobs } = desk()
  expect(destinationsOf(reach.plan, []).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    'topic orders.dlq',
    'jobs reviews',
  ])
  await jobs.connect()
  const reviews = { ...reach.plan.jobs['reviews']!, address: 'reviews' }
  await jobs.sink(reviews).send(jobOf('r1'))
  const source = jobs.source({ jobs: reviews, prefetch: 5 })
  await source.start(new RecordingIntake())
  const more = { 'sluice-dlq-jobs': 'reviews', 'sluice-dlq-message-id': 'r1' }
  await source.letters.send({
    ...jobOf('letter'),
    headers: headers({ 'sluice-dlq-pipeline': 'working', ...more }),
  })
  const [destination] = destinationsOf(reach.plan, ['reviews']) as [Destination]
  const letters: unknown[] = []
  for await (const letter of lettersOf(reach, destination)) letters.push(letter)
  expect(letters).toMatchObject([
    {
      kind: 'letter',
      code: 'SLU5102',
      origin: { kind: 'jobs', jobs: 'reviews', jobId: 'r1' },
      spot: { destination: 'reviews', offset: 0 },
    },
  ])
  // The name of the failed one is taken: what goes back has one of its own.
  expect(back(letters[0] as Letter).id).toMatch(/^replay\//)
})

test('what is no JSON does not go back to where jobs are, and does not stop the others', async () => {
  const { reach, jobs, state } = desk()
  await jobs.connect()
  const context = { world: systemWorld, log: silentLog, origin: 'test', clientId: 'test' }
  const store = createEmbeddedStateDriver(new EmbeddedRedis(systemWorld.clock).state, context)
  await store.connect()
  const by = new Operator({
    reach,
    ledger: new Ledger({ state: store, namespace: 'shop', token: 'run' }),
    audit: noAudit,
    actor: 'ann',
    maxReplays: 3,
    resend: false,
    edit: undefined,
    tracer: createTracer(systemWorld, {}, silentLog, { backpressure: true, version: '0' }).tracer,
    world: systemWorld,
  })
  const [destination] = destinationsOf(reach.plan, ['reviews']) as [Destination]
  const failed = (id: string, value: string) =>
    readLetter(
      { destination: 'reviews', partition: 0, offset: 0 },
      {
        key: null,
        value: Buffer.from(value),
        headers: headers({
          'sluice-dlq-pipeline': 'working',
          'sluice-dlq-jobs': 'reviews',
          'sluice-dlq-message-id': id,
        }),
        timestamp: 0,
        offset: 0,
      },
    ) as Letter
  expect(await by.replay(failed('r1', '{"id":'), destination)).toMatchObject({
    kind: 'refused',
    error: { code: 'SLU5711' },
  })
  expect(await by.replay(failed('r2', '{}'), destination)).toMatchObject({ kind: 'replayed' })
  expect(state.waiting('reviews')).toHaveLength(1)
})

test('a firing goes back as a firing for the same time', async () => {
  const { reach, jobs, state } = desk()
  expect(originConnections(reach.plan)).toContain('hot/jobs')
  await jobs.connect()
  const firedMs = Date.UTC(2026, 0, 1, 3)
  const letter = readLetter(
    { destination: 'orders.dlq', partition: 0, offset: 7 },
    {
      key: null,
      value: Buffer.from('{}'),
      headers: headers({
        'sluice-dlq-pipeline': 'nightly',
        'sluice-dlq-schedule': 'nightly',
        'sluice-dlq-message-id': `repeat:schedule~nightly:${firedMs}`,
      }),
      timestamp: 0,
      offset: 7,
    },
  ) as Letter
  expect(letter.origin).toEqual({ kind: 'schedule', schedule: 'nightly', firedMs })
  const target = targetOf(reach, letter)
  expect(target).toMatchObject({ kind: 'schedule', name: 'schedule~nightly' })
  await target.sink.send(back(letter))
  await target.sink.send(back(letter))
  expect(state.waiting('shop~schedule~nightly').map(({ message }) => message.id)).toEqual([
    expect.stringMatching(new RegExp(`^replay/.*:${firedMs}$`)),
  ])
})
