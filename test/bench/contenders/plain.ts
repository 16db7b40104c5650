// What the hand-written loops share: clients set up as well as we know, and one message's work.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import amqp, { type ConfirmChannel } from 'amqplib'
import { Redis } from 'ioredis'
import { Kafka, logLevel, type Consumer, type KafkaMessage } from 'kafkajs'
import score from '../fleet/workers/handlers/score.ts'

interface Request {
  readonly event_id: string
  readonly model_id: string
  readonly features: { readonly user_id: number; readonly product_id: number }
}

export interface Plain {
  readonly consumer: Consumer
  /** Check, look up, score, store, send, wait for the confirm. */
  work(message: KafkaMessage): Promise<void>
  close(): Promise<void>
}

export async function openPlain(prefix: string, group: string): Promise<Plain> {
  const env = process.env
  const kafka = new Kafka({
    brokers: (env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: prefix + group, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic: `${prefix}requests`, fromBeginning: true })
  const redis = new Redis({
    host: env['REDIS_HOST'] ?? 'localhost',
    port: Number(env['REDIS_PORT']),
    enableAutoPipelining: true,
  })
  const connection = await amqp.connect({
    hostname: env['RABBITMQ_HOST'] ?? 'localhost',
    port: Number(env['RABBITMQ_PORT']),
    username: env['RABBITMQ_USER'] ?? 'guest',
    password: env['RABBITMQ_PASSWORD'] ?? 'guest',
  })
  const channel = await connection.createConfirmChannel()
  const schema = new URL('../fleet/schemas/events/request.json', import.meta.url)
  const fits = new Ajv2020().compile<Request>(JSON.parse(readFileSync(schema, 'utf8')) as object)
  const queue = `${prefix}scored`

  const work = async (message: KafkaMessage): Promise<void> => {
    const event: unknown = JSON.parse((message.value as Buffer).toString())
    if (!fits(event)) return
    const key = `${prefix}${event.model_id}:${event.features.user_id}:${event.features.product_id}`
    let text = await redis.get(key)
    if (text === null) {
      text = JSON.stringify(score(event))
      await redis.set(key, text, 'EX', 1800)
    }
    const body = { event_id: event.event_id, score: (JSON.parse(text) as { score: number }).score }
    await publish(channel, queue, Buffer.from(JSON.stringify(body)))
  }
  return {
    consumer,
    work,
    async close() {
      await consumer.disconnect()
      await connection.close()
      redis.disconnect()
    },
  }
}

function publish(channel: ConfirmChannel, queue: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.sendToQueue(queue, body, { persistent: true, mandatory: true }, (error: unknown) =>
      error === null || error === undefined ? resolve() : reject(error as Error),
    )
  })
}
