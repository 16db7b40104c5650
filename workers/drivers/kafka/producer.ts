// Sends in batches that form by themselves: what arrives while a request is under way leaves together with the next one.
import { Partitioners, type Kafka, type Producer } from 'kafkajs'
import type { DriverContext, OutMessage } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { bounded } from './bounded.ts'
import type { Connection } from './connection.ts'
import { withCloudEvents } from '../../core/cloud-events.ts'
import { kafkaError } from './errors.ts'

/** Requests under way at once. */
const REQUESTS = 2
/** A record batch must fit the topic's max.message.bytes, so a request stays far below the usual 1 MiB. */
const BATCH_BYTES = 512 * 1024
/** Held at most, waiting and under way; beyond it `send` waits for room. */
const HELD_BYTES = 32 * 1024 * 1024
const CONFIRM_MS = 15_000

interface Entry {
  readonly topic: string
  readonly message: OutMessage
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: SluiceError) => void
}

export class BatchingProducer {
  private readonly kafka: Kafka
  private readonly connection: Connection
  private readonly context: DriverContext
  private producer: Producer | undefined
  private opening: Promise<Producer> | undefined
  private queue: Entry[] = []
  private requests = 0
  private held = 0
  private waiting: (() => void)[] = []
  private scheduled = false
  private closed = false

  constructor(kafka: Kafka, connection: Connection, context: DriverContext) {
    this.kafka = kafka
    this.connection = connection
    this.context = context
  }

  /** Resolves when all in-sync replicas have the message. */
  async send(topic: string, message: OutMessage): Promise<void> {
    while (this.held > HELD_BYTES && !this.closed)
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    if (this.closed) throw new SluiceError('SLU5201', { message: 'the producer is closed' })
    const bytes = (message.value?.length ?? 0) + (message.key?.length ?? 0) + 512
    this.held += bytes
    try {
      await new Promise<void>((resolve, reject) => {
        this.queue.push({ topic, message, bytes, resolve, reject })
        this.schedule()
      })
    } finally {
      this.held -= bytes
      this.waiting.shift()?.()
    }
  }

  /** A producer whose connection was lost is not trusted again. */
  async renew(): Promise<void> {
    const { producer } = this
    this.producer = undefined
    this.opening = undefined
    if (producer !== undefined)
      await bounded(producer.disconnect(), 2_000, this.context.world.clock)
  }

  async close(): Promise<void> {
    this.closed = true
    const { clock } = this.context.world
    const deadline = clock.monotonic() + 5_000
    while ((this.requests > 0 || this.queue.length > 0) && clock.monotonic() < deadline)
      await clock.sleep(10)
    for (const { reject } of this.queue.splice(0))
      reject(new SluiceError('SLU5201', { message: 'the producer was closed' }))
    await this.renew()
  }

  private schedule(): void {
    if (this.scheduled || this.requests >= REQUESTS) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      while (this.requests < REQUESTS && this.queue.length > 0) void this.request(this.nextBatch())
    })
  }

  private nextBatch(): Entry[] {
    let bytes = 0
    let count = 0
    for (const entry of this.queue) {
      if (count > 0 && bytes + entry.bytes > BATCH_BYTES) break
      bytes += entry.bytes
      count++
    }
    return this.queue.splice(0, count)
  }

  /** Never rejects: each entry learns its own outcome. */
  private async request(batch: Entry[]): Promise<void> {
    this.requests++
    try {
      await this.produce(batch)
      for (const { resolve } of batch) resolve()
    } catch (thrown) {
      const error = kafkaError(thrown, 'sending')
      this.connection.failed(error)
      const onlySome =
        error.code === 'SLU5203' || error.code === 'SLU5205' || error.code === 'SLU5206'
      if (batch.length > 1 && onlySome) await this.oneByOne(batch)
      else for (const { reject } of batch) reject(error)
    } finally {
      this.requests--
      this.schedule()
    }
  }

  /** One of them is to blame; the others must not pay. */
  private async oneByOne(batch: Entry[]): Promise<void> {
    for (const entry of batch) {
      try {
        await this.produce([entry])
        entry.resolve()
      } catch (thrown) {
        entry.reject(kafkaError(thrown, `sending to ${entry.topic}`))
      }
    }
  }

  private async produce(batch: readonly Entry[]): Promise<void> {
    const producer = await this.open()
    const byTopic = new Map<string, Entry[]>()
    for (const entry of batch) {
      const list = byTopic.get(entry.topic)
      if (list === undefined) byTopic.set(entry.topic, [entry])
      else list.push(entry)
    }
    const sent = producer.sendBatch({
      acks: -1,
      timeout: CONFIRM_MS,
      topicMessages: [...byTopic].map(([topic, entries]) => ({
        topic,
        messages: entries.map(({ message }) => toKafka(message)),
      })),
    })
    await this.withDeadline(sent)
  }

  private withDeadline(sent: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.context.world.clock.after(
        2 * CONFIRM_MS,
        () =>
          reject(new SluiceError('SLU5202', { message: `no confirm within ${2 * CONFIRM_MS} ms` })),
        { keepAlive: true },
      )
      sent.then(() => resolve(), reject).finally(() => timer.cancel())
    })
  }

  private open(): Promise<Producer> {
    this.opening ??= (async () => {
      const producer = this.kafka.producer({
        createPartitioner: Partitioners.DefaultPartitioner,
        allowAutoTopicCreation: false,
        metadataMaxAge: 60_000,
        retry: { initialRetryTime: 100, retries: 2 },
      })
      try {
        await producer.connect()
      } catch (error) {
        this.opening = undefined
        throw error
      }
      this.producer = producer
      return producer
    })()
    return this.opening
  }
}

function toKafka(message: OutMessage) {
  return {
    key: message.key as Buffer | null,
    value: message.value as Buffer | null,
    headers: withCloudEvents(message) as Record<string, string | Buffer | (string | Buffer)[]>,
    timestamp: String(message.timestamp),
  }
}
