// From a topic over a queue: whoever sends commands and jobs is killed again and again, and what they lead to happens once.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRedisView } from '../support/redis.ts'
import { createTopics, produce, readTopic, topicSize } from './support/brokers-io.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'chain-fleet')
const EVENTS = 8_000
const KILLS = 3

let prefix: string
let view: Redis
let reports: Queue
const workers: Running[] = []

beforeEach(async () => {
  prefix = `chain-${randomUUID().slice(0, 8)}.`
  view = await openRedisView()
  reports = new Queue(`${prefix}reports`, { connection: view })
  await createTopics([
    { topic: `${prefix}orders`, numPartitions: 4 },
    { topic: `${prefix}tallied`, numPartitions: 4 },
    { topic: `${prefix}orders.dlq`, numPartitions: 1 },
  ])
})
afterEach(async () => {
  for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(workers.splice(0).map(({ finished }) => finished))
  await reports.obliterate({ force: true })
  await reports.close()
  view.disconnect()
})

function run(pipeline: string, ...args: string[]): Running {
  const worker = sluice(['run', pipeline, '--project', PROJECT, ...args], {
    SLUICE_PREFIX: prefix,
    NO_COLOR: '1',
  })
  workers.push(worker)
  return worker
}

test('whoever sends is killed three times: each command is done once, each job is there once', async () => {
  const ids = Array.from({ length: EVENTS }, (_, n) => `o${n}`)
  await produce(
    `${prefix}orders`,
    ids.map((id, n) => ({ key: `k${n % 500}`, value: Buffer.from(JSON.stringify({ id })) })),
  )
  const tallied = () => topicSize(`${prefix}tallied`)
  const tallying = run('tallying')
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await tallied()
    const counting = run('counting')
    await until('commands are done', async () => (await tallied()) > before + 500)
    counting.child.kill('SIGKILL')
    expect((await counting.finished).signal).toBe('SIGKILL')
  }
  const last = await run('counting', '--until-idle', '--format', 'json').finished
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toEqual({
    code: 0,
    stderr: '',
  })
  await until('everything is done', async () => (await tallied()) >= EVENTS)
  tallying.child.kill('SIGTERM')
  expect((await tallying.finished).code).toBe(0)
  // What is left on the queue is repeats, if anything.
  const rest = await run('tallying', '--until-idle', '--format', 'json').finished
  expect(rest.code).toBe(0)

  const done = (await readTopic(`${prefix}tallied`)).map(
    ({ value }) => (JSON.parse(String(value)) as { id: string }).id,
  )
  expect(done.toSorted()).toEqual(ids.toSorted())
  const jobs = await reports.getJobs(['wait', 'delayed', 'prioritized', 'active'], 0, -1)
  expect(jobs.map(({ data }) => bodyOf(data).id).toSorted()).toEqual(ids.toSorted())
  expect(await topicSize(`${prefix}orders.dlq`)).toBe(0)
})

/** A job holds the message as our driver writes it. */
const bodyOf = (data: unknown): { id: string } => data as { id: string }
