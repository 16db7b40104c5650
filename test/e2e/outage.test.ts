// Brokers killed without warning while work flows: the worker waits, reconnects by itself and goes on; no attempt is counted, nothing is lost.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startKafka, startRabbit, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { produce, topicSize } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { judge } from './support/verdict.ts'
import { until } from './support/worker-process.ts'
import type { RunReport } from '../../workers/cli/summary.ts'

const before = { ...process.env }
let brokers: IsolatedBroker[]
let fleet: FleetRun

beforeEach(async () => {
  brokers = await Promise.all([startKafka(), startRabbit()])
  for (const { env } of brokers) Object.assign(process.env, env)
  fleet = await startFleet()
})
afterEach(async () => {
  await fleet.end()
  await Promise.all(brokers.map((broker) => broker.stop()))
  for (const { env } of brokers)
    for (const name of Object.keys(env)) process.env[name] = before[name]
})

test('RabbitMQ and then Kafka, each killed and started again under load', async () => {
  const [kafka, rabbit] = brokers as [IsolatedBroker, IsolatedBroker]
  const load = makeLoad({
    events: 30_000,
    keys: 300,
    malformed: 0.01,
    transient: 0.01,
    permanent: 0,
    filtered: 0.05,
  })
  const worker = fleet.worker(['--format', 'json'])
  await fleet.running(worker)
  const declared = performance.now()
  await produce(`${fleet.prefix}requests`, load.slice(0, 10_000))
  const results = () => topicSize(`${fleet.prefix}results`)
  await until('work flows', async () => (await results()) > 1_000)
  // RabbitMQ 3.10 that is killed never brings back a quorum queue younger than about two seconds: that is its own loss.
  await until('the queue has settled', () => performance.now() - declared > 5_000)
  await produce(`${fleet.prefix}requests`, load.slice(10_000))
  await rabbit.kill('SIGKILL')
  await until('the worker has noticed', () => worker.stderr().includes('lost'), 20_000)
  await rabbit.restart()
  const after = await results()
  await until('work flows after RabbitMQ came back', async () => (await results()) > after, 20_000)
  await kafka.kill('SIGKILL')
  await kafka.restart()
  const again = await results()
  await until('work flows after Kafka came back', async () => (await results()) > again, 30_000)
  const settled = load.filter(({ fate }) => fate === 'scored').length
  await until('everything is done', async () => (await results()) >= settled, 60_000)
  worker.child.kill('SIGTERM')
  const { code, stdout, stderr } = await worker.finished
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const report = JSON.parse(stdout) as RunReport
  expect(report.pipelines['scoring']?.deadLettered).toBe(
    load.filter(({ fate }) => fate === 'malformed').length,
  )
  const verdict = await judge(fleet.prefix, load)
  expect(verdict).toMatchObject({ lost: [], invented: [], disordered: [] })
  console.info(`repeats after two outages: ${JSON.stringify(verdict.repeats)}`)
})
