// `sluice up` as an operator meets it, with brokers that are away: what it refuses, what it restarts, and that nobody is left behind.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gone, identify, type ProcessId } from '../../infra/brokers/process.ts'
import { edited, TYPED_FILES } from '../compile/project.ts'
import { sluice, until, type Running } from '../e2e/support/worker-process.ts'

const FLEET = 'pipelines/fleet.yaml'
const QUOTE = 'workers/handlers/quote.ts'

/** Nobody listens on those ports. */
const AWAY = [
  ['localhost:9092', '127.0.0.1:1'],
  ['rabbitmq: { host: localhost', 'rabbitmq: { host: 127.0.0.1, port: 2'],
  ['redis: { host: localhost', 'redis: { host: 127.0.0.1, port: 3'],
  ['all: { pipelines: [billing] }', 'billing: { pipelines: [billing], replicas: 2 }'],
].reduce((text, [from = '', to = '']) => edited(from, to, text), TYPED_FILES[FLEET] ?? '')
const BILLING = TYPED_FILES['pipelines/billing.yaml'] ?? ''

let root: string
const started: Running[] = []

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-up-'))
  for (const [file, text] of Object.entries(TYPED_FILES)) write(file, text)
  write(FLEET, AWAY)
})
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL')
  await Promise.all(started.splice(0).map(({ finished }) => finished))
  rmSync(root, { recursive: true })
})

function up(...args: string[]): Running {
  const one = sluice(['--project', root, 'up', ...args], {
    RABBITMQ_PASSWORD: 'guest',
    NO_COLOR: '1',
  })
  started.push(one)
  return one
}

/** Processes that the supervisor says it has started, in order. */
const pids = (text: string) =>
  [...text.matchAll(/"process":(\d+),[^\n]*A worker was started/g)].map(([, pid]) => Number(pid))

const startedTwo = (running: Running) =>
  running.said(/was started[^]*was started[^]*?The supervisor runs.*\n/)

test.each([
  ['embedded drivers', ['--embedded'], 'SLU0555'],
  ['a worker that is not there', ['billling'], 'there is no worker "billling"; there is: billing'],
])('%s: exit 2', async (_, args, says) => {
  const { code, stderr } = await up(...args).finished
  expect(stderr).toContain(says)
  expect(code).toBe(2)
})

test('a fleet without workers: exit 2', async () => {
  write(FLEET, AWAY.replace(/workers:[^]*/, ''))
  const { code, stderr } = await up().finished
  expect(stderr).toContain('SLU0556')
  expect(code).toBe(2)
})

test('a plan with a mistake starts nothing: exit 2', async () => {
  write(FLEET, edited('[billing]', '[biling]', AWAY))
  const { code, stderr } = await up().finished
  expect(stderr).toMatch(/fleet\.yaml:\d+:\d+ {2}error/)
  expect(stderr).not.toContain('was started')
  expect(code).toBe(2)
})

test('brokers that are away leave workers alive and not ready, for as long as it takes', async () => {
  write(FLEET, `connect: { within: 1s }\n${AWAY}`)
  const running = up()
  const text = await startedTwo(running)
  const [, at] = /"probes":"([\d.:]+)"/.exec(text) ?? []
  await running.said(/SLU1101[^\n]*the worker waits for it/)
  const answers = await Promise.all(
    ['/livez', '/readyz', '/readyz/billing', '/readyz/nobody'].map((path) =>
      fetch(`http://${at}${path}`),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 503, 404])
  expect(await answers[1]?.json()).toMatchObject({
    status: 'fail',
    checks: {
      'worker billing/1': { status: 'fail', detail: expect.stringContaining('away') },
      'worker billing/2': { status: 'fail' },
    },
  })
  running.child.kill('SIGTERM')
  const { code, stderr } = await running.finished
  expect(stderr.match(/A worker has drained/g)).toHaveLength(2)
  expect(code).toBe(0)
})

test('a handler that cannot be loaded is named and not started again; when that is all, it ends with 2', async () => {
  write(QUOTE, `throw new Error('no model')\nexport default () => ({ total: 1 })\n`)
  const { code, stderr } = await up().finished
  expect(stderr).toContain('SLU1005 workers/handlers/quote.ts could not be loaded: no model')
  expect(stderr.match(/SLU1172/g)).toHaveLength(2)
  expect(pids(stderr)).toHaveLength(2)
  expect(code).toBe(2)
})

test('a worker that ends is started again, with another pid and an event a line', async () => {
  write(QUOTE, `setTimeout(() => process.abort(), 1)\nexport default () => ({ total: 1 })\n`)
  write(FLEET, edited('replicas: 2', 'replicas: 1', AWAY))
  const running = up('--format', 'json')
  let text = ''
  running.child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await until('it was started twice', () => text.split('"started"').length === 3)
  running.child.kill('SIGTERM')
  const events = (await running.finished).stdout.trim().split('\n')
  const [first, ended, second] = events.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect([first, ended, second]).toMatchObject([
    { version: 1, event: 'started', worker: 'billing', replica: 1 },
    { event: 'ended', exitCode: null, signal: 'SIGABRT', pid: first?.['pid'] },
    { event: 'started', worker: 'billing', replica: 1 },
  ])
  expect(second?.['pid']).not.toBe(first?.['pid'])
})

test('workers end by themselves when their supervisor is killed', async () => {
  const running = up()
  const processes = pids(await startedTwo(running)).map((pid) => identify(pid) as ProcessId)
  expect(processes).toHaveLength(2)
  running.child.kill('SIGKILL')
  await running.finished
  for (const process of processes) expect(await gone(process, 20_000)).toBe(true)
})

test('what workers write is passed on with their names, and cannot pose as something else', async () => {
  write(
    QUOTE,
    String.raw`console.log('{"level":"error"} \u001b[2J plain')` +
      `\nexport default () => ({ total: 1 })\n`,
  )
  const running = up()
  await running.said(/billing\/1 \| \{"level":"error"\} \\u001b\[2J plain\n/)
  running.child.kill('SIGTERM')
  expect((await running.finished).stderr).not.toContain('\u001b')
})

test('SIGHUP with a mistake in the plan, or without a change, leaves everything as it is', async () => {
  const running = up()
  await startedTwo(running)
  write('pipelines/billing.yaml', edited('event.data.total > 0', 'event.data.totl > 0', BILLING))
  running.child.kill('SIGHUP')
  expect(await running.said(/the last good one runs on/)).toContain('SLU0330')
  write('pipelines/billing.yaml', BILLING)
  running.child.kill('SIGHUP')
  await running.said(/Nothing has changed/)
  running.child.kill('SIGTERM')
  const { code, stderr } = await running.finished
  expect(pids(stderr)).toHaveLength(2)
  expect(code).toBe(0)
})

test('with --watch a change is looked at by itself', async () => {
  const running = up('--watch')
  await startedTwo(running)
  write('pipelines/billing.yaml', edited('event.data.total > 0', 'event.data.totl > 0', BILLING))
  expect(await running.said(/the last good one runs on/)).toContain('SLU0330')
  running.child.kill('SIGTERM')
  expect((await running.finished).code).toBe(0)
})
