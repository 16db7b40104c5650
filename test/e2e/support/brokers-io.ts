// The tests' own view of the brokers, through plain clients and none of the product's drivers.
import amqp from 'amqplib'
import {
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type IHeaders,
  type KafkaMessage,
} from 'kafkajs'
import { until } from './worker-process.ts'

export interface Produced {
  readonly key: string | null
  readonly value: Buffer | null
  readonly headers?: IHeaders
  /** Milliseconds. */
  readonly timestamp?: number
}

const kafka = () =>
  new Kafka({
    clientId: 'proof-oracle',
    brokers: (process.env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })

export async function createTopics(
  topics: { topic: string; numPartitions: number; maxBytes?: number }[],
) {
  const admin = kafka().admin()
  await admin.connect()
  await admin.createTopics({
    // kafkajs waits once and gives up where a broker that has just started does not know the topic yet.
    waitForLeaders: false,
    topics: topics.map(({ topic, numPartitions, maxBytes }) => ({
      topic,
      numPartitions,
      replicationFactor: 1,
      configEntries:
        maxBytes === undefined ? [] : [{ name: 'max.message.bytes', value: String(maxBytes) }],
    })),
  })
  const names = topics.map(({ topic }) => topic)
  await until('the topics have leaders', async () => {
    const found = await admin.fetchTopicMetadata({ topics: names }).catch(() => ({ topics: [] }))
    return (
      found.topics.length === names.length &&
      found.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))
    )
  })
  await admin.disconnect()
}

/**
 * A producer of one topic; what it sends is confirmed by the broker when that resolves. `once`: and is there once, which kafkajs
 * does not see to by itself, since it sends the whole of a request again that failed in part; such a producer survives no broker.
 */
export async function openProducer(topic: string, { once = false } = {}) {
  const producer = kafka().producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: once,
  })
  await producer.connect()
  return {
    async send(messages: readonly Produced[]): Promise<void> {
      const batch = messages.map(({ key, value, headers, timestamp }) => ({
        key,
        value,
        headers: headers ?? {},
        ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
      }))
      await producer.send({ topic, messages: batch, acks: -1 })
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  }
}

/** Confirmed by the broker when it resolves, and there once. */
export async function produce(topic: string, messages: readonly Produced[]): Promise<void> {
  await using producer = await openProducer(topic, { once: true })
  for (const batch of batches(messages)) await producer.send(batch)
}

/** A broker takes a megabyte at a time. */
function* batches(messages: readonly Produced[]): Generator<Produced[]> {
  let batch: Produced[] = []
  let bytes = 0
  for (const message of messages) {
    const size = message.value?.length ?? 0
    if (batch.length === 1_000 || (batch.length > 0 && bytes + size > 512 * 1024)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(message)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

export interface ReadMessage {
  readonly partition: number
  readonly offset: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: IHeaders
}

/** Everything that stands on the topic now, in partition order. */
export async function readTopic(topic: string): Promise<ReadMessage[]> {
  const admin = kafka().admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const left = new Map(
    ends
      .filter(({ high, low }) => high !== low)
      .map(({ partition, high }) => [partition, Number(high)]),
  )
  const messages: ReadMessage[] = []
  if (left.size === 0) return messages
  const consumer = kafka().consumer({ groupId: `${topic}-oracle-${process.hrtime.bigint()}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachBatch: ({ batch }) => {
          for (const message of batch.messages) messages.push(readMessage(message, batch.partition))
          if (Number(batch.lastOffset()) + 1 >= (left.get(batch.partition) ?? Infinity))
            left.delete(batch.partition)
          if (left.size === 0) resolve()
          return Promise.resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return messages.toSorted(
    (a, b) => a.partition - b.partition || Number(a.offset) - Number(b.offset),
  )
}

function readMessage(message: KafkaMessage, partition: number): ReadMessage {
  const { offset, key, value, headers } = message
  return { partition, offset, key, value, headers: headers ?? {} }
}

/** Messages on the topic, cheaply. */
export async function topicSize(topic: string): Promise<number> {
  const admin = kafka().admin()
  await admin.connect()
  try {
    const ends = await admin.fetchTopicOffsets(topic)
    return ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
  } catch {
    return 0
  } finally {
    await admin.disconnect()
  }
}

/** Committed offsets of a group, summed over the partitions of a topic. */
export async function committed(group: string, topic: string): Promise<number> {
  const admin = kafka().admin()
  await admin.connect()
  const [entry] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  await admin.disconnect()
  return (entry?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)
}

/** As some other consumer of the group would: reads so many messages from the beginning, commits each, and leaves. */
export async function consumeAll(groupId: string, topic: string, count: number): Promise<void> {
  const consumer = kafka().consumer({ groupId })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let left = count
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommitThreshold: 1,
        eachMessage: () => {
          if (--left === 0) resolve()
          return Promise.resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
}

export async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka().admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Of each topic whose name begins so: where each partition ends. */
export const topicEnds = (prefix: string): Promise<Record<string, number[]>> =>
  withAdmin(async (admin) => {
    const ends: Record<string, number[]> = {}
    for (const topic of (await admin.listTopics()).filter((name) => name.startsWith(prefix)))
      for (const { partition, high } of await admin.fetchTopicOffsets(topic))
        (ends[topic] ??= [])[partition] = Number(high)
    return ends
  })

/** Names of groups that begin so, in their order. */
export const groupsBelow = (prefix: string): Promise<string[]> =>
  withAdmin(async (admin) =>
    (await admin.listGroups()).groups
      .map(({ groupId }) => groupId)
      .filter((group) => group.startsWith(prefix))
      .toSorted(),
  )

const openRabbit = () =>
  amqp.connect({
    hostname: process.env['RABBITMQ_HOST'] ?? '127.0.0.1',
    port: Number(process.env['RABBITMQ_PORT'] ?? 5672),
    username: process.env['RABBITMQ_USER'] ?? 'guest',
    password: process.env['RABBITMQ_PASSWORD'] ?? 'guest',
    vhost: process.env['RABBITMQ_VIRTUAL_HOST'] ?? '/',
  })

export interface QueueProperties extends amqp.Options.Publish {
  readonly value: Buffer
}

/** Confirmed by the broker when it resolves. */
export async function sendToQueue(
  queue: string,
  messages: readonly QueueProperties[],
): Promise<void> {
  const connection = await openRabbit()
  const channel = await connection.createConfirmChannel()
  for (const { value, ...properties } of messages)
    channel.sendToQueue(queue, value, { persistent: true, ...properties })
  await channel.waitForConfirms()
  await connection.close()
}

/** Messages that wait on the queue; undefined when it is not there, or nobody answers. */
export async function queueDepth(queue: string): Promise<number | undefined> {
  try {
    const connection = await openRabbit()
    // Asking for one that is not there ends the channel.
    connection.on('error', () => {})
    try {
      const channel = await connection.createChannel()
      channel.on('error', () => {})
      return (await channel.checkQueue(queue)).messageCount
    } finally {
      await connection.close()
    }
  } catch {
    return undefined
  }
}

/** Takes everything off the queue. */
export async function drainQueue(queue: string): Promise<amqp.GetMessage[]> {
  const connection = await openRabbit()
  const channel = await connection.createChannel()
  const messages: amqp.GetMessage[] = []
  for (;;) {
    const message = await channel.get(queue, { noAck: true })
    if (message === false) break
    messages.push(message)
  }
  await connection.close()
  return messages
}
