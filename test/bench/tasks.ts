// Topics for slow handlers: filled at once or at a pace, and read back with what became of each message.
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'

/** Of each message in the topic `tasks`. */
export interface Task {
  readonly key: string
  readonly takesMs: number
}

export interface Done {
  readonly key: string
  /** Place among the messages of its key. */
  readonly place: number
  /** From its sending to its effect, milliseconds. */
  readonly latency: number
}

const PACE_MS = 20

const kafka = () =>
  new Kafka({
    brokers: (process.env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })

/** Empty topics of a prefix of their own. */
export async function makeTopics(): Promise<string> {
  const prefix = `bench-${randomUUID().slice(0, 8)}.`
  const admin = kafka().admin()
  await admin.connect()
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic: `${prefix}tasks`, numPartitions: 4 },
      { topic: `${prefix}done`, numPartitions: 4 },
      { topic: `${prefix}requests.dlq`, numPartitions: 1 },
    ],
  })
  await admin.disconnect()
  return prefix
}

/** `rate`: messages a second; undefined: all at once. */
export async function send(prefix: string, tasks: readonly Task[], rate?: number): Promise<void> {
  const producer = kafka().producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const places = new Map<string, number>()
  const message = ({ key, takesMs }: Task) => {
    const place = places.get(key) ?? 0
    places.set(key, place + 1)
    return { key, value: JSON.stringify({ place, takes_ms: takesMs, sent_at: Date.now() }) }
  }
  const startedAt = performance.now()
  const size = rate === undefined ? 2_000 : Math.max(1, Math.round((rate * PACE_MS) / 1_000))
  for (let at = 0; at < tasks.length; at += size) {
    if (rate !== undefined) await until(startedAt + (at / rate) * 1_000)
    await sendOne(producer, prefix, tasks.slice(at, at + size).map(message))
  }
  await producer.disconnect()
}

const sendOne = (producer: Producer, prefix: string, messages: { key: string; value: string }[]) =>
  producer.send({ topic: `${prefix}tasks`, messages, acks: -1 })

async function until(moment: number): Promise<void> {
  const left = moment - performance.now()
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}

/** Everything that was done, in the order of its partition. */
export async function read(prefix: string, count: number): Promise<Done[]> {
  const consumer = kafka().consumer({ groupId: `${prefix}reader` })
  await consumer.connect()
  await consumer.subscribe({ topic: `${prefix}done`, fromBeginning: true })
  const done: Done[] = []
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachBatch: ({ batch }) => {
          for (const { key, value, timestamp } of batch.messages) {
            const task = JSON.parse(String(value)) as { place: number; sent_at: number }
            done.push({
              key: String(key),
              place: task.place,
              latency: Number(timestamp) - task.sent_at,
            })
          }
          if (done.length >= count) resolve()
          return Promise.resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return done
}
