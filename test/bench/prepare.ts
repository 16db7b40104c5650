// Gives a contender a topic full of events, and a queue; returns the prefix of their names.
import { randomUUID } from 'node:crypto'
import amqp from 'amqplib'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { payload } from './payload.ts'

const AT_ONCE = 2_000

export async function prepare(count: number): Promise<string> {
  const prefix = `bench-${randomUUID().slice(0, 8)}.`
  await Promise.all([fillTopic(prefix, count), makeQueue(prefix)])
  return prefix
}

async function fillTopic(prefix: string, count: number): Promise<void> {
  const kafka = new Kafka({
    brokers: (process.env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic: `${prefix}requests`, numPartitions: 4 },
      { topic: `${prefix}requests.dlq`, numPartitions: 1 },
    ],
  })
  await admin.disconnect()
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
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
