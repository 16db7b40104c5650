// A message that ends its process, on real brokers and of each kind of source: found while it is the only one at work, given up, and everybody else gets through.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { Queue } from 'bullmq'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRedisView } from '../support/redis.ts'
import { produce, readTopic, sendToQueue } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { copyProject, type ProjectCopy } from './support/project-copy.ts'
import { judge } from './support/verdict.ts'
import { FLEET, sluice, type Running } from './support/worker-process.ts'

let prefix: string
let project: ProjectCopy
let fleet: FleetRun | undefined
const started: Running[] = []
beforeEach(() => {
  fleet = undefined
})
afterEach(async () => {
  for (const { child } of started) child.kill('SIGTERM')
  await Promise.all(started.splice(0).map(({ finished }) => finished))
  await fleet?.end()
  await project.remove()
})

/** Whoever restarts it knows nothing of why it ended. How often it took that until everything was done. */
async function runUntilDone(pipeline: string): Promise<number> {
  for (let deaths = 0; ; deaths++) {
    const worker = sluice(['run', pipeline, '--project', project.path, '--until-idle'], {
      SLUICE_PREFIX: prefix,
      NO_COLOR: '1',
    })
    started.push(worker)
    const { code, signal, stderr } = await worker.finished
    if (code === 0) return deaths
    expect({ signal, stderr }).toMatchObject({ signal: 'SIGABRT' })
  }
}

async function startProject(): Promise<void> {
  fleet = await startFleet()
  prefix = fleet.prefix
  project = await copyProject(FLEET)
  const dies = `  if (fault === 'deadly') process.abort()\n  await`
  await project.edit('workers/handlers/settle.ts', '  await', dies)
  await project.edit('schemas/events/request.json', '"permanent"', '"permanent", "deadly"')
}

/** Those of messages that were given up for it. */
async function givenUp(): Promise<string[]> {
  const letters = await readTopic(`${prefix}requests.dlq`)
  const own = letters.filter(({ headers }) => String(headers['sluice-dlq-code']) === 'SLU5520')
  expect(own.every(({ headers }) => String(headers['sluice-dlq-class']) === 'defect')).toBe(true)
  return own.map(({ value }) => String(value))
}

/** With 256, 16 and then none besides it at work, after the one that nobody could tell from a kill; and three under its marker. */
const DEATHS = 1 + 2 + 3

test('of a topic: the others get through, in order', async () => {
  await startProject()
  const load = makeLoad({
    events: 3_000,
    keys: 50,
    malformed: 0.01,
    transient: 0.01,
    permanent: 0,
    filtered: 0.05,
  })
  // It sends nothing before it dies.
  const at = load.findIndex(({ fate, score }, n) => n > 1_000 && fate === 'scored' && score < 0.9)
  const deadly = load[at] as (typeof load)[number]
  const value = { ...(JSON.parse(String(deadly.value)) as object), fault: 'deadly' }
  load[at] = { ...deadly, fate: 'permanent', value: Buffer.from(JSON.stringify(value)) }
  await produce(`${prefix}requests`, load)
  const deaths = await runUntilDone('scoring')
  expect(await givenUp()).toEqual([JSON.stringify(value)])
  expect(deaths).toBe(DEATHS)
  const verdict = await judge(prefix, load)
  expect(verdict).toMatchObject({ lost: [], invented: [], disordered: [] })
  expect(verdict.repeats.results).toBeLessThanOrEqual(deaths * 2 * 256)
})

const ANSWERING = `pipeline: answering
from: { queue: asked }
order: none
concurrency: 256
window: 1000
steps:
  - id: settled
    call: { handler: settle, input: event.data }
  - id: announce
    event: { to: results, key: event.data.event_id, body: '{ event_id: event.data.event_id, score: 0.5 }' }
failure:
  invalid: { deadLetter: requests.dlq }
  transient: { retry: { attempts: 4, first: 20ms, max: 200ms, jitter: full }, deadLetter: requests.dlq }
  defect: { deadLetter: requests.dlq }
`

test('of a queue: known again by its id and what it says', async () => {
  await startProject()
  await project.write('pipelines/answering.yaml', ANSWERING)
  const queue = '\n  asked: { in: work, type: quorum, schema: events/request }'
  await project.edit('pipelines/fleet.yaml', '\nqueues:', `\nqueues:${queue}`)
  const load = makeLoad({
    events: 2_000,
    keys: 1,
    malformed: 0,
    transient: 0.01,
    permanent: 0,
    filtered: 0,
  })
  const bodies = load.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>)
  bodies[500] = { ...bodies[500], fault: 'deadly' }
  // The queue is made by whoever runs first.
  expect(await runUntilDone('answering')).toBe(0)
  await sendToQueue(
    `${prefix}asked`,
    bodies.map((body) => ({
      messageId: body['event_id'] as string,
      value: Buffer.from(JSON.stringify(body)),
    })),
  )
  expect(await runUntilDone('answering')).toBe(DEATHS)
  expect(await givenUp()).toEqual([JSON.stringify(bodies[500])])
  const done = (await readTopic(`${prefix}results`)).map(({ key }) => String(key))
  expect(new Set(done)).toEqual(
    new Set(load.map(({ id }) => id).filter((id) => id !== bodies[500]?.['event_id'])),
  )
})

test('of jobs: it fails with the letter that says so', async () => {
  prefix = `e2e-${randomUUID().slice(0, 8)}.`
  project = await copyProject(resolve(import.meta.dirname, 'jobs-fleet'))
  await project.edit(
    'workers/handlers/train.ts',
    '  await',
    `  if (fault === 'deadly') process.abort()\n  await`,
  )
  await project.edit('workers/handlers/train.ts', "'permanent' |", "'deadly' | 'permanent' |")
  await project.edit('schemas/commands/training.json', '"permanent"', '"permanent", "deadly"')
  // Each end takes a lock's time until others see the jobs: so few at work that two are enough before its own marker.
  await project.edit('pipelines/training.yaml', 'concurrency: 20', 'concurrency: 4')
  const view = await openRedisView()
  const queues = ['trainings', 'reports'].map(
    (name) => new Queue(`${prefix}${name}`, { connection: view }),
  )
  const [trainings, reports] = queues as [Queue, Queue]
  try {
    await trainings.addBulk(
      Array.from({ length: 60 }, (_, n) => ({
        name: 'training',
        data: { model_id: `t${n}`, takes_ms: 10, ...(n === 20 ? { fault: 'deadly' } : {}) },
        opts: { jobId: `t${n}` },
      })),
    )
    expect(await runUntilDone('training')).toBe(1 + 1 + 3)
    const failed = await trainings.getJobs(['failed'])
    expect(failed.map(({ id }) => id)).toEqual(['t20'])
    expect(failed[0]?.failedReason).toMatch(/^SLU5520 /)
    expect(await trainings.getCompletedCount()).toBe(59)
    expect(await reports.getWaitingCount()).toBe(59)
  } finally {
    for (const queue of queues) {
      await queue.obliterate({ force: true })
      await queue.close()
    }
    view.disconnect()
  }
}, 240_000)
