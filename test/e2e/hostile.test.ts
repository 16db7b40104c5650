// The corpus of hostile messages on real brokers, as their own clients send them: one dead letter each with a reason, or taken where they are valid.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HeaderValue } from '../../workers/core/message.ts'
import { KINDS, walk, type Kind, type Numbered } from '../support/hostile-messages.ts'
import { expectFates } from '../support/hostile-verdict.ts'
import { openRedisView } from '../support/redis.ts'
import {
  createTopics,
  drainQueue,
  openProducer,
  readTopic,
  sendToQueue,
} from './support/brokers-io.ts'
import { sluice, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'hostile-fleet')
/** More than the largest message: what is too large is for the worker to say. */
const ROOM = 24 * 1024 * 1024

let prefix: string
let view: Redis
let planned: Queue
const workers: Running[] = []

beforeEach(async () => {
  prefix = `e2e-${randomUUID().slice(0, 8)}.`
  view = await openRedisView()
  planned = new Queue(`${prefix}planned`, { connection: view })
  await createTopics([{ topic: `${prefix}arrived`, numPartitions: 1, maxBytes: ROOM }])
})
afterEach(async () => {
  for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(workers.splice(0).map(({ finished }) => finished))
  await planned.obliterate({ force: true })
  await planned.close()
  view.disconnect()
})

async function runUntilIdle(): Promise<string> {
  const pipelines = KINDS.map((kind) => `by_${kind}`)
  const worker = sluice(['run', ...pipelines, '--project', PROJECT, '--until-idle'], {
    SLUICE_PREFIX: prefix,
    SLUICE_LOG_LEVEL: 'debug',
    NO_COLOR: '1',
  })
  workers.push(worker)
  const { code, stderr } = await worker.finished
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return stderr
}

const plain = (value: HeaderValue): string | Buffer | (string | Buffer)[] =>
  typeof value === 'string'
    ? value
    : value instanceof Uint8Array
      ? Buffer.from(value)
      : value.map((part) => plain(part) as string | Buffer)
const headersOf = ({ headers = {} }: Numbered) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, plain(value)]))

async function sendToTopic(messages: readonly Numbered[]): Promise<void> {
  await using producer = await openProducer(`${prefix}arrived`)
  for (const message of messages) {
    const { n, key = 'k', timestamp, value } = message
    const bytes = value(n)
    await producer.send([
      {
        key,
        value: bytes === null ? null : Buffer.from(bytes),
        headers: headersOf(message),
        ...(timestamp === undefined ? {} : { timestamp }),
      },
    ])
  }
}

const sendByQueue = (messages: readonly Numbered[]) =>
  sendToQueue(
    `${prefix}asked`,
    messages.map((message) => {
      const { n, value, id = `m${n}`, timestamp, properties = {} } = message
      const { replyTo } = properties
      return {
        value: Buffer.from(value(n) ?? ''),
        headers: headersOf(message),
        // An empty one is none.
        ...(id === '' ? {} : { messageId: id }),
        ...(timestamp === undefined ? {} : { timestamp: Math.floor(timestamp / 1_000) }),
        ...properties,
        ...(replyTo === 'asked' ? { replyTo: `${prefix}asked` } : {}),
      }
    }),
  )

async function addJobs(messages: readonly Numbered[]): Promise<void> {
  for (const message of messages) {
    const { n, value, id = `m${n}`, timestamp = 0, properties = {} } = message
    // BullMQ takes no colon.
    const jobId = id.replaceAll(':', '%3A')
    const { type = 'planned' } = properties
    await planned.add(
      type as string,
      {},
      {
        jobId,
        timestamp,
        telemetry: { metadata: JSON.stringify(headersOf(message)) },
      },
    )
    // Whoever writes to Redis by himself writes what he likes.
    await view.hset(planned.toKey(jobId), 'data', Buffer.from(value(n) ?? 'null'))
  }
}

const SEND: Readonly<Record<Kind, (messages: readonly Numbered[]) => Promise<void>>> = {
  topic: sendToTopic,
  queue: sendByQueue,
  jobs: addJobs,
}

test('each becomes one dead letter with its reason, or is taken', async () => {
  await runUntilIdle()
  for (const kind of KINDS) await SEND[kind](walk(kind))
  const said = await runUntilIdle()
  const letters = await readTopic(`${prefix}refused`)
  const taken = (await readTopic(`${prefix}taken`)).map(
    ({ value }) => JSON.parse(String(value)) as { n: number; by: string },
  )
  for (const kind of KINDS)
    expectFates(
      kind,
      letters
        .filter(({ headers }) => String(headers['sluice-dlq-pipeline']) === `by_${kind}`)
        .map(({ headers, value }) => ({ headers: headers as Record<string, HeaderValue>, value })),
      taken.filter(({ by }) => by === kind).map(({ n }) => n),
    )
  expect(await drainQueue(`${prefix}told`)).toHaveLength(taken.length)
  // Each line of the log is one line, whatever stood in the messages.
  const lines = said.split('\n').filter((line) => line !== '')
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) expect(line).toMatch(/^\{[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]*\}$/u)
})
