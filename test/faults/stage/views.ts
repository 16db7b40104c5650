// What stands on the brokers, read through plain clients past whatever is between the workers and them.
import amqp from 'amqplib'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { SeenEffect } from '../../../workers/oracle/ledger.ts'
import { readTopic } from '../../e2e/support/brokers-io.ts'
import { fromEnvironment } from '../../support/environment.ts'
import { openRedisView } from '../../support/redis.ts'
import type { SinkName } from './line.ts'

type Body = Pick<SeenEffect, 'id'>

export const amqpSettings = () => ({
  hostname: fromEnvironment('RABBITMQ_HOST'),
  port: Number(fromEnvironment('RABBITMQ_PORT')),
  username: 'guest',
  password: 'guest',
  vhost: '/',
})

/** How often each stored value was written, told by the server itself: a value that is written twice looks as if it was written once. */
export interface WriteWatch {
  readonly writes: ReadonlyMap<string, number>
  close(): void
}

export async function watchWrites(start: string): Promise<WriteWatch> {
  const listener = new Redis({
    host: fromEnvironment('REDIS_HOST'),
    port: Number(fromEnvironment('REDIS_PORT')),
  })
  listener.on('error', () => {})
  await listener.config('SET', 'notify-keyspace-events', 'E$')
  const writes = new Map<string, number>()
  listener.on('message', (_channel: string, key: string) => {
    if (key.startsWith(start)) writes.set(key, (writes.get(key) ?? 0) + 1)
  })
  await listener.subscribe('__keyevent@0__:set')
  return { writes, close: () => listener.disconnect() }
}

export const storePrefix = (prefix: string) => `${prefix}ordeal:results:`

/** Effects by sink, in the order of their broker; of what is kept under a key one for each time it was written. */
export const VIEWS: Readonly<
  Record<
    Exclude<SinkName, 'cache'>,
    (prefix: string, watch: WriteWatch | undefined) => Promise<SeenEffect[]>
  >
> = {
  event: async (prefix) =>
    (await readTopic(`${prefix}outgoing`)).map(({ key, value }) => ({
      ...(JSON.parse(String(value)) as Body),
      key: key?.toString(),
    })),
  async command(prefix) {
    const bodies = await takeQueue(`${prefix}commands`)
    return bodies.map((body) => ({ ...(JSON.parse(body) as Body), key: undefined }))
  },
  async job(prefix) {
    const connection = await openRedisView()
    const queue = new Queue(`${prefix}reports`, { connection })
    const jobs = await queue.getJobs(['wait', 'active', 'delayed', 'prioritized'], 0, -1, true)
    await queue.close()
    connection.disconnect()
    return jobs.map(({ data }) => ({ ...(data as Body), key: undefined }))
  },
  async store(prefix, watch) {
    const view = await openRedisView()
    const start = storePrefix(prefix)
    const keys = await view.keys(`${start}*`)
    const values = keys.length === 0 ? [] : await view.mget(keys)
    view.disconnect()
    return keys.flatMap((key, at) => {
      const body = JSON.parse(values[at] ?? 'null') as Body
      return Array.from({ length: watch?.writes.get(key) ?? 1 }, () => ({
        ...body,
        key: undefined,
      }))
    })
  },
}

/** Takes everything off the queue; of a queue that is not there nothing. */
async function takeQueue(queue: string): Promise<string[]> {
  const connection = await amqp.connect(amqpSettings())
  connection.on('error', () => {})
  const channel = await connection.createChannel()
  channel.on('error', () => {})
  const bodies: string[] = []
  const there = await channel.checkQueue(queue).catch(() => undefined)
  for (let left = there?.messageCount ?? 0; left > 0;) {
    const message = await channel.get(queue, { noAck: true })
    if (message === false) break
    bodies.push(String(message.content))
  }
  await connection.close()
  return bodies
}

/** Ids of items that ended in a dead letter, and its code. */
export async function readLetters(
  prefix: string,
  letters: 'incoming.dlq' | 'tasks.dlq',
): Promise<{ id: string; code: string }[]> {
  const found =
    letters === 'incoming.dlq'
      ? (await readTopic(`${prefix}${letters}`)).map(({ value, headers }) => ({
          body: String(value),
          code: String(headers['sluice-dlq-code']),
        }))
      : await readStream(`${prefix}${letters}`)
  return found.map(({ body, code }) => ({ id: /e\d+/.exec(body)?.[0] ?? body.slice(0, 80), code }))
}

async function readStream(queue: string): Promise<{ body: string; code: string }[]> {
  const connection = await amqp.connect(amqpSettings())
  const channel = await connection.createChannel()
  await channel.prefetch(100)
  const { messageCount } = await channel.checkQueue(queue)
  const found: { body: string; code: string }[] = []
  await new Promise<void>((resolve, reject) => {
    if (messageCount === 0) return resolve()
    channel
      .consume(
        queue,
        (message) => {
          if (message === null) return reject(new Error(`${queue} was deleted`))
          channel.ack(message)
          const headers = message.properties.headers ?? {}
          found.push({ body: String(message.content), code: String(headers['sluice-dlq-code']) })
          if (found.length >= messageCount) resolve()
        },
        { arguments: { 'x-stream-offset': 'first' } },
      )
      .catch(reject)
  })
  await connection.close()
  return found
}
