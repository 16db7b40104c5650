// `npm run bench:keys`: order per key and a slow handler, against a loop that works off each partition serially; and what one slow
// key does to the others. Everything in one run, reported as ratios.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { ensureBrokers } from '../../infra/brokers/index.ts'
import { WORKER_OPTIONS } from '../../bin/node-options.js'
import type { Measured } from './contenders/meter.ts'
import { aim } from './report.ts'
import { makeTopics, read, send, type Done, type Task } from './tasks.ts'

const KEYS = 1_000
const TAKES_MS = 50
const SLOW_MS = 2_000
const SECONDS = 20

/** Starts before its messages come, so that a paced sender meets one that is ready. */
function contender(name: string, prefix: string, count: number) {
  const file = resolve(import.meta.dirname, 'contenders', `${name}.ts`)
  const options = name === 'keyed' ? WORKER_OPTIONS : []
  const child = spawn(process.execPath, [...options, file, prefix, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = Promise.withResolvers<void>()
  const measured = new Promise<Measured>((done, failed) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('ready')) ready.resolve()
    })
    child.on('close', (code) =>
      code === 0
        ? done(JSON.parse(text.trim().split('\n').at(-1) ?? 'null') as Measured)
        : failed(new Error(`${name} ended with ${code}`)),
    )
  })
  return { ready: ready.promise, measured }
}

const tasks = (count: number, takesMs: (key: number) => number): Task[] =>
  Array.from({ length: count }, (_, n) => {
    const key = (n * 7_919) % KEYS
    return { key: `k${key}`, takesMs: takesMs(key) }
  })

async function rateOf(name: string, count: number): Promise<{ rate: number; done: Done[] }> {
  const prefix = await makeTopics()
  await send(
    prefix,
    tasks(count, () => TAKES_MS),
  )
  const { messages, seconds } = await contender(name, prefix, count).measured
  return { rate: messages / seconds, done: await read(prefix, count) }
}

/** At so many messages a second; latencies of the keys that are not slow. */
async function p99Of(rate: number, slow: boolean): Promise<{ p99: number; done: Done[] }> {
  const prefix = await makeTopics()
  const all = tasks(Math.round(rate * SECONDS), (key) => (slow && key === 0 ? SLOW_MS : TAKES_MS))
  const worker = contender('keyed', prefix, all.length)
  await worker.ready
  await send(prefix, all, rate)
  await worker.measured
  const done = await read(prefix, all.length)
  const latencies = done
    .filter(({ key }) => key !== 'k0')
    .map(({ latency }) => latency)
    .toSorted((a, b) => a - b)
  return { p99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN, done }
}

/** Keys whose first effects are not in the order in which they were sent. */
function disordered(done: readonly Done[]): number {
  const last = new Map<string, number>()
  const wrong = new Set<string>()
  for (const { key, place } of done) {
    if (place < (last.get(key) ?? -1)) wrong.add(key)
    last.set(key, Math.max(place, last.get(key) ?? -1))
  }
  return wrong.size
}

const brokers = await ensureBrokers()
Object.assign(process.env, brokers.env)
try {
  const serial = await rateOf('serial', 1_200)
  const keyed = await rateOf('keyed', 40_000)
  // Half of what it could do a moment ago, with the sender and the brokers on the same machine.
  const half = keyed.rate / 2
  const even = await p99Of(half, false)
  const slow = await p99Of(half, true)
  process.stdout.write(
    `\n4 partitions, ${KEYS} keys, a handler of ${TAKES_MS} ms\n` +
      `serial per partition ${serial.rate.toFixed(0)} messages/s, order: key ${keyed.rate.toFixed(0)} messages/s\n` +
      `p99 at half of saturation ${even.p99} ms, with one key of ${SLOW_MS} ms ${slow.p99} ms\n\n`,
  )
  const lines = [
    aim('throughput against a serial loop', keyed.rate / serial.rate, '>=', 25),
    aim('p99 of the others beside a slow key', slow.p99 / even.p99, '<=', 1.5),
    aim('keys out of order', disordered([...keyed.done]) + disordered([...slow.done]), '<=', 0),
  ]
  process.stdout.write(lines.map(({ text }) => text).join(''))
  process.exitCode = lines.every(({ met }) => met) ? 0 : 1
} finally {
  await brokers.stop()
}
