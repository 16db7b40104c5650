// The rules on a real Prometheus that asks a real worker and `sluice ops`: each number it needs is there, and what breaks is told.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRabbit, startRedis, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { startPrometheus, type Prometheus } from '../support/prometheus.ts'
import { openRabbitmqView, type RabbitmqView } from '../support/rabbitmq.ts'
import { openRedisView } from '../support/redis.ts'
import { produce } from './support/brokers-io.ts'
import { urlOf } from './support/ops.ts'
import { copyProject } from './support/project-copy.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'alerts-fleet')
const prefix = `alerts-${process.pid}.`
const started: Running[] = []
let redis: IsolatedBroker
let prometheus: Prometheus
let rules: string
let rabbitmq: RabbitmqView

function start(...args: string[]): Running {
  const env = { ...redis.env, SLUICE_PREFIX: prefix, NO_COLOR: '1' }
  const one = sluice([...args, '--project', PROJECT], env)
  started.push(one)
  return one
}

beforeAll(async () => {
  redis = await startRedis()
  const view = await openRedisView({ host: '127.0.0.1', port: redis.port, password: undefined })
  await view.config('SET', 'maxmemory', '1gb')
  view.disconnect()
  const folder = await mkdtemp(join(tmpdir(), 'sluice-alerts-'))
  const file = join(folder, 'rules.yaml')
  await start('alerts', '--file', file).finished
  rules = await readFile(file, 'utf8')
  await rm(folder, { recursive: true })
  rabbitmq = await openRabbitmqView()
  const worker = start('run')
  const probes = /"probes":(\d+)/.exec(await worker.said(/"probes":\d+.*\n/))?.[1]
  const ops = new URL(await urlOf(start('ops', '--port', '0', '--format', 'json')))
  // As they are, only without their patience.
  prometheus = await startPrometheus(rules.replaceAll(/for: \d+m$/gm, 'for: 1s'), [
    { address: `127.0.0.1:${probes}`, path: '/metrics' },
    { address: ops.host, path: '/api/v1/infrastructure/metrics' },
  ])
}, 300_000)

afterAll(async () => {
  await prometheus?.stop()
  for (const { child } of started) child.kill('SIGTERM')
  await Promise.all(started.map(({ finished }) => finished))
  await rabbitmq?.close()
  await redis?.stop()
})

const firing = async (alertname: string) =>
  (await prometheus.alerts()).filter(
    ({ state, labels }) => state === 'firing' && labels['alertname'] === alertname,
  )

test('every metric and every label in the rules is exposed', async () => {
  const expressions = [...rules.matchAll(/^ +expr: (.*)$/gm)].map(([, expr]) => plain(String(expr)))
  expect(expressions.length).toBeGreaterThan(30)
  for (const expr of expressions) {
    const selectors = [...expr.matchAll(/\bsluice_\w+(\{[^}]*\})?/g)].map(([selector]) => selector)
    expect(selectors.length, expr).toBeGreaterThan(0)
    const by = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(
      ([, names]) => names?.split(', ') ?? [],
    )
    for (const selector of selectors) {
      await until(selector, async () => (await prometheus.series(selector)).length > 0)
      const labels = new Set((await prometheus.series(selector)).flatMap(Object.keys))
      // Partitions are no label of the members of a group.
      const wanted = by.filter((name) => name !== 'partition' || selector.includes('_lag'))
      expect([selector, wanted.filter((name) => !labels.has(name))]).toEqual([selector, []])
    }
  }
})

/** Without the quotes that YAML needs. */
const plain = (written: string) =>
  /^'.*'$/.test(written) ? written.slice(1, -1).replaceAll("''", "'") : written

test('a dead letter is told, with the next command', async () => {
  expect(await firing('SluiceDeadLetters')).toEqual([])
  await produce(`${prefix}orders`, [{ key: null, value: Buffer.from('{"order_id":7}') }])
  await until('it fires', async () => (await firing('SluiceDeadLetters')).length > 0)
  expect(await firing('SluiceDeadLetters')).toMatchObject([
    {
      labels: { pipeline: 'pricing', severity: 'warning', fleet: 'watched' },
      annotations: { summary: 'pricing gives messages up', next: 'npx sluice dlq list' },
    },
  ])
})

test('a broker that is killed is told, and that it is back', async () => {
  expect(await firing('SluiceBrokerDown')).toEqual([])
  await redis.kill('SIGKILL')
  await until('it fires', async () => (await firing('SluiceBrokerDown')).length > 0)
  expect(await firing('SluiceBrokerDown')).toMatchObject([
    { labels: { component: 'redis', connection: 'hot', severity: 'critical' } },
  ])
  await redis.restart()
  await until('it is over', async () => (await firing('SluiceBrokerDown')).length === 0)
})

/** Every command of the fleet's own alerting about one thing, as it arrived. */
async function heard(what: string) {
  // The first of them makes the queue.
  if (!(await rabbitmq.exists(`${prefix}alarms.seen`))) return []
  for (const { id, body } of await rabbitmq.take(`${prefix}alarms.seen`))
    commands.push({ id, ...(JSON.parse(body.toString()) as { status: string; what: string }) })
  return commands.filter((command) => command.what === what)
}
const commands: { id: string; status: string; what: string }[] = []

test('the fleet itself sends one command when a broker is killed, and one when it is back', async () => {
  const what = 'redis hot: answers'
  // The one before may have been told as well.
  await until('all is well', async () => (await heard(what)).at(-1)?.status !== 'firing')
  const before = (await heard(what)).length
  await redis.kill('SIGKILL')
  await until('it is told', async () => (await heard(what)).length > before)
  await redis.restart()
  await until('it is told to be over', async () => (await heard(what)).length > before + 1)
  const [firing, resolved] = (await heard(what)).slice(before)
  expect([firing?.status, resolved?.status]).toEqual(['firing', 'resolved'])
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length)
})

test('of two processes of ops one speaks', async () => {
  const what = 'rabbitmq work: queue parcels'
  const second = await urlOf(start('ops', '--port', '0', '--format', 'json'))
  const [worker] = started.filter(({ child }) => child.spawnargs.includes('run'))
  worker?.child.kill('SIGTERM')
  await worker?.finished
  await rabbitmq.put(`${prefix}parcels`, '{"order_id":"1","total":1}')
  await until('it is told', async () => (await heard(what)).length > 0)
  // Both have seen it by now, and had the time to speak.
  const sent = async () => await (await fetch(`${second}/api/v1/infrastructure/metrics`)).text()
  expect(await sent()).toContain('sluice_alerts{severity="warning"}')
  start('run')
  await until('it is over', async () => (await heard(what)).length > 1)
  expect((await heard(what)).map(({ status }) => status)).toEqual(['firing', 'resolved'])
})

test('embedded it does the same: a pipeline of the fleet reads what the fleet tells', async () => {
  const project = await copyProject(PROJECT)
  try {
    // One process is all there is here.
    await project.edit('pipelines/fleet.yaml', 'replicas: 1', 'replicas: 2')
    const args = ['ops', '--embedded', '--port', '0', '--format', 'json']
    const ops = sluice([...args, '--project', project.path], { NO_COLOR: '1' })
    started.push(ops)
    const url = await urlOf(ops)
    const said = async () => (await fetch(`${url}/api/v1/infrastructure/metrics`)).text()
    const read = 'sluice_messages_total{pipeline="noting",outcome="acked"} 1'
    await until('it is read', async () => (await said()).includes(read))
    expect(await said()).toContain('sluice_alerts_sent_total{status="firing"} 1')
    ops.child.kill('SIGTERM')
    expect((await ops.finished).code).toBe(0)
  } finally {
    await project.remove()
  }
})

test('while RabbitMQ itself is away what is to be told waits, and is told when it is back', async () => {
  const project = await copyProject(PROJECT)
  const rabbit = await startRabbit()
  try {
    // Longer than the driver may take to connect again: what is over before that is not told.
    await project.edit('pipelines/fleet.yaml', 'for: 2s', 'for: 12s')
    const env = { ...redis.env, ...rabbit.env, SLUICE_PREFIX: `${prefix}away.`, NO_COLOR: '1' }
    const args = ['ops', '--port', '0', '--format', 'json', '--project', project.path]
    const ops = sluice(args, env)
    started.push(ops)
    const url = await urlOf(ops)
    const said = async () => (await fetch(`${url}/api/v1/infrastructure/metrics`)).text()
    await until('it looks', async () => (await said()).includes('sluice_broker_up'))
    await rabbit.kill('SIGKILL')
    const pending = /^sluice_alerts_pending [1-9]/m
    await until('it waits', async () => pending.test(await said()))
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    expect(ops.stderr()).toContain('An alert could not be told; it waits.')
    await rabbit.restart()
    const view = await openRabbitmqView({
      host: '127.0.0.1',
      port: rabbit.port,
      user: 'guest',
      password: 'guest',
      vhost: '/',
    })
    const queue = `${prefix}away.alarms.seen`
    const told: string[] = []
    await until('both are told', async () => {
      if (!(await view.exists(queue))) return false
      for (const { body } of await view.take(queue)) {
        const { status, what } = JSON.parse(body.toString()) as { status: string; what: string }
        if (what === 'rabbitmq work: answers') told.push(status)
      }
      return told.length > 1
    })
    expect(told).toEqual(['firing', 'resolved'])
    await view.close()
  } finally {
    await rabbit.stop()
    await project.remove()
  }
})
