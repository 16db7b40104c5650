// One worker asks, another answers and is killed again and again: every question ends, with its own answer or a reason why there is none.
import { resolve } from 'node:path'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTopics, produce, readTopic, topicSize } from './support/brokers-io.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'rpc-fleet')
const EVENTS = 4_000
const KILLS = 3

let prefix: string
let workers: Running[]

beforeEach(async () => {
  prefix = `rpc-${randomUUID().slice(0, 8)}.`
  workers = []
  await createTopics([
    { topic: `${prefix}orders`, numPartitions: 4 },
    { topic: `${prefix}priced`, numPartitions: 4 },
    { topic: `${prefix}orders.dlq`, numPartitions: 1 },
  ])
})
afterEach(async () => {
  for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(workers.map(({ finished }) => finished))
})

function run(pipeline: string, ...args: string[]): Running {
  const worker = sluice(['run', pipeline, '--project', PROJECT, ...args], {
    SLUICE_PREFIX: prefix,
    NO_COLOR: '1',
  })
  workers.push(worker)
  return worker
}

test('the worker that answers is killed three times while it is asked', async () => {
  const orders = Array.from({ length: EVENTS }, (_, n) => ({
    id: `o${n}`,
    sku: `${n % 100 === 7 ? 'unknown' : 'sku'}-${n}`,
  }))
  await produce(
    `${prefix}orders`,
    orders.map((order, n) => ({ key: `k${n % 200}`, value: Buffer.from(JSON.stringify(order)) })),
  )
  const priced = () => topicSize(`${prefix}priced`)
  const asking = run('ordering', '--until-idle', '--format', 'json')
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await priced()
    const answering = run('quoting')
    await until('answers flow', async () => (await priced()) > before + 300)
    answering.child.kill('SIGKILL')
    expect((await answering.finished).signal).toBe('SIGKILL')
  }
  const answering = run('quoting')
  const { code, stdout, stderr } = await asking.finished
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  answering.child.kill('SIGTERM')
  expect((await answering.finished).code).toBe(0)

  const good = orders.filter(({ sku }) => sku.startsWith('sku'))
  const results = (await readTopic(`${prefix}priced`)).map(
    ({ value }) => JSON.parse(String(value)) as { id: string; sku: string; amount: number },
  )
  expect(new Set(results.map(({ id }) => id))).toEqual(new Set(good.map(({ id }) => id)))
  // Each answer went to whoever asked that question.
  expect(results.filter(({ sku, amount }) => amount !== sku.length)).toEqual([])
  const letters = (await readTopic(`${prefix}orders.dlq`)).map(({ headers }) => ({
    code: String(headers['sluice-dlq-code']),
    pipeline: String(headers['sluice-dlq-pipeline']),
  }))
  const asked = letters.filter(({ pipeline }) => pipeline === 'ordering')
  expect(new Set(asked.map(({ code: why }) => why))).toEqual(new Set(['SLU5311']))
  expect(asked).toHaveLength(EVENTS - good.length)
  expect(JSON.parse(stdout)).toMatchObject({
    pipelines: { ordering: { accepted: EVENTS, acked: good.length, deadLettered: asked.length } },
  })
})
