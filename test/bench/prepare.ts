// Gives a contender a topic full of events, and a queue; returns the prefix of their names.
import { randomUUID } from 'node:crypto'
import amqp from 'amqplib'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { payload } from './payload.ts'

const AT_ONCE = 2_000
const PACE_MS = 20

export async function prepare(count: number): Promise<string> {
  const prefix = `bench-${randomUUID().slice(0, 8)}.`
  await Promise.all([fillTopic(prefix, count), makeQueue(prefix)])
  return prefix
}

/** Sends that many events at so many a second; resolves when all are confirmed. */
export async function pace(prefix: string, count: number, rate: number): Promise<void> {
  const producer = kafka().producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const size = Math.max(1, Math.round((rate * PACE_MS) / 1_000))
  const startedAt = performance.now()
  for (let at = 0; at < count; at += size) {
    const early = startedAt + (at / rate) * 1_000 - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const messages = Array.from({ length: Math.min(size, count - at) }, (_, n) => payload(at + n))
    await producer.send({ topic: `${prefix}requests`, messages, acks: -1 })
  }
  await producer.disconnect()
}

const kafka = () =>
  new Kafka({
    brokers: (process.env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })

async function fillTopic(prefix: string, count: number): Promise<void> {
  const admin = kafka().admin()
  await admin.connect()
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic: `${prefix}requests`, numPartitions: 4 },
      { topic: `${prefix}requests.dlq`, numPartitions: 1 },
    ],
  })
  await admin.disconnect()
  const producer = kafka().producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  for (let at = 0; at < count; at += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - at)
    const messages = Array.from({ length: size }, (_, n) => payload(at + n))
    await producer.send({ topic: `${prefix}requests`, messages, acks: -1 })
  }
  await producer.disconnect()
}

async function makeQueue(prefix: string): Promise<void> {
  const connection = await amqp.connect({
    hostname: process.env['RABBITMQ_HOST'] ?? 'localhost',
    port: Number(process.env['RABBITMQ_PORT']),
    username: process.env['RABBITMQ_USER'] ?? 'guest',
    password: process.env['RABBITMQ_PASSWORD'] ?? 'guest',
  })
  const channel = await connection.createChannel()
  await channel.assertQueue(`${prefix}scored`, {
    durable: true,
    arguments: { 'x-queue-type': 'classic' },
  })
  await connection.close()
}
