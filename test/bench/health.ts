// `npm run bench:health`: 200 connections that ask for health once a second each, beside a worker at half of what it can do; in one run.
// Arguments: [--messages N] [--connections N] [--seconds N].
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { WORKER_OPTIONS } from '../../bin/node-options.js'
import { ensureBrokers } from '../../infra/brokers/index.ts'
import type { Measured } from './contenders/meter.ts'
import type { Watched } from './contenders/watchers.ts'
import { pace, prepare } from './prepare.ts'
import { aim } from './report.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '40000' },
    connections: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
  },
})
const seconds = Number(values.seconds)
const FLEET = resolve(import.meta.dirname, 'fleet')

interface Child<Result> {
  /** What it says first. */
  readonly first: Promise<string>
  readonly result: Promise<Result>
  stop(): Promise<void>
}

function start<Result>(args: readonly string[], env: Record<string, string> = {}): Child<Result> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  let text = ''
  const first = Promise.withResolvers<string>()
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (text.includes('\n')) first.resolve(text.slice(0, text.indexOf('\n')))
  })
  const closed = new Promise<void>((done) => child.on('close', () => done()))
  const result = closed.then(() => JSON.parse(text.trim().split('\n').at(-1) ?? 'null') as Result)
  result.catch(() => {})
  return {
    first: first.promise,
    result,
    async stop() {
      child.kill('SIGTERM')
      await closed
    },
  }
}

const contender = <Result>(name: string, ...args: readonly (string | number)[]) =>
  start<Result>([
    ...WORKER_OPTIONS,
    resolve(import.meta.dirname, 'contenders', `${name}.ts`),
    ...args.map(String),
  ])

/** Messages at a pace, to a worker that is ready for them. */
async function atRate(prefix: string, rate: number): Promise<Measured> {
  const count = Math.round(rate * seconds)
  const worker = contender<Measured>('flow', prefix, count)
  await worker.first
  await pace(prefix, count, rate)
  return worker.result
}

async function watched(prefix: string, rate: number) {
  const ops = start<never>(
    [
      resolve(import.meta.dirname, '../../bin/sluice.js'),
      'ops',
      `--project=${FLEET}`,
      '--port=0',
      '--format=json',
    ],
    { SLUICE_PREFIX: prefix },
  )
  const { url } = JSON.parse(await ops.first) as { url: string }
  const path = `${url}/api/v1/infrastructure/health`
  // The first look connects to all brokers.
  await (await fetch(path)).text()
  const watchers = contender<Watched>('watchers', path, values.connections, seconds)
  const measured = await atRate(prefix, rate)
  const seen = await watchers.result
  await ops.stop()
  return { measured, seen }
}

const rateOf = ({ messages, seconds: took }: Measured) => messages / took

const brokers = await ensureBrokers()
Object.assign(process.env, brokers.env)
try {
  const count = Number(values.messages)
  const full = rateOf(await contender<Measured>('flow', await prepare(count), count).result)
  const half = full / 2
  const alone = await atRate(await prepare(0), half)
  const { measured, seen } = await watched(await prepare(0), half)
  const line = (what: string, text: string) => process.stdout.write(`${what.padEnd(24)} ${text}\n`)
  process.stdout.write('\n')
  line('a worker at full load', `${Math.round(full)} messages/s`)
  line(
    'at half, alone',
    `${Math.round(rateOf(alone))} messages/s, ${alone.cpuPerMessage.toFixed(0)} µs CPU a message`,
  )
  line(
    'at half, watched',
    `${Math.round(rateOf(measured))} messages/s, ${measured.cpuPerMessage.toFixed(0)} µs CPU a message`,
  )
  line(
    'health',
    `${seen.requests} answers, p50 ${seen.p50.toFixed(1)} ms, p99 ${seen.p99.toFixed(1)} ms, slowest ${seen.slowest.toFixed(0)} ms`,
  )
  const lines = [
    aim('health: requests without an answer of 200', seen.errors, '<=', 0),
    aim('health: p99, milliseconds', seen.p99, '<=', 100),
    aim('worker at half load, watched against alone', rateOf(measured) / rateOf(alone), '>=', 0.9),
  ]
  process.stdout.write(`\n${lines.map(({ text }) => text).join('')}`)
  process.exitCode = lines.every(({ met }) => met) ? 0 : 1
} finally {
  await brokers.stop()
}
