// Sends and asks through kafkajs: one producer, one admin and one cluster for reading, on connections of their own.
import { CompressionTypes, type Admin, type Message } from 'kafkajs'
import type { Clock } from '../../../core/clock.ts'
import type { Topic } from '../../../core/contract.ts'
import type { Refusal, Wire, WireParts } from '../client.ts'
import type { Outgoing } from '../outgoing.ts'
import { createConnections, type Connections } from './connections.ts'
import { toKafka } from './convert.ts'
import { PartitionProducer } from './partition-producer.ts'
import { TopicReading } from './reading.ts'
import { endsOf, ensureTopics } from './topics.ts'

const REQUEST_MS = 15_000
/** What the broker itself may take for its replicas. */
const REPLICAS_MS = 10_000

const CODEC: Readonly<Record<Topic['compression'], CompressionTypes>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  zstd: CompressionTypes.ZSTD,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
}

export class KafkajsWire implements Wire {
  readonly remembers = true
  readonly reading: TopicReading
  private readonly connections: Connections
  private readonly admin: Admin
  private readonly producer: PartitionProducer
  private readonly clock: Clock

  constructor({ place: { brokers }, context }: WireParts) {
    this.connections = createConnections({
      brokers,
      context,
      requestTimeout: REQUEST_MS,
      retries: 1,
    })
    this.clock = context.world.clock
    const { kafka } = this.connections
    this.admin = kafka.admin({ retry: { retries: 1 } })
    this.producer = new PartitionProducer(kafka)
    this.reading = new TopicReading(kafka, context.world.clock)
  }

  async connect(): Promise<number> {
    await Promise.all([this.admin.connect(), this.producer.connect()])
    const { brokers } = await this.admin.describeCluster()
    return brokers.length
  }

  async produce(
    topic: string,
    messages: readonly Outgoing[],
    compression: Topic['compression'],
  ): Promise<readonly Refusal[]> {
    const sent = new Map(messages.map((message) => [toKafka(message), message]))
    const refusals = await this.producer.send({
      topic,
      messages: [...sent.keys()],
      acks: -1,
      timeout: REPLICAS_MS,
      compression: CODEC[compression],
    })
    return refusals.map(({ error, messages: its }) => ({ error, messages: ours(its, sent) }))
  }

  /** Of every topic that was ever sent to, all at once: kafkajs knows no other way. */
  refresh(): Promise<void> {
    return this.producer.refresh()
  }

  ensureTopics(topics: readonly Topic[]): Promise<string[]> {
    return ensureTopics(this.admin, topics, this.clock)
  }

  ends(topic: string): Promise<Map<number, number>> {
    return endsOf(this.admin, topic)
  }

  /** Asking for the cluster brings the metadata of all its topics. */
  async ask(known: string | undefined): Promise<void> {
    await (known === undefined ? this.admin.describeCluster() : endsOf(this.admin, known))
  }

  async disconnect(): Promise<void> {
    await Promise.all([
      this.producer.disconnect(),
      this.admin.disconnect(),
      this.reading.disconnect(),
    ])
  }

  destroy(): void {
    this.connections.destroy()
  }
}

function ours(messages: ReadonlySet<Message>, sent: ReadonlyMap<Message, Outgoing>): Set<Outgoing> {
  return new Set([...messages].map((message) => sent.get(message) as Outgoing))
}
