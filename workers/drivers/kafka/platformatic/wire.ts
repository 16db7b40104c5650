// Sends and asks through @platformatic/kafka.
import type { Clock } from '../../../core/clock.ts'
import type { Topic } from '../../../core/contract.ts'
import type { Refusal, Wire, WireParts } from '../client.ts'
import type { Outgoing } from '../outgoing.ts'
import { Cluster } from './cluster.ts'
import { Producer } from './produce.ts'
import { edgesOf, TopicReading } from './reading.ts'
import { ensureTopics } from './topics.ts'

const REQUEST_MS = 15_000

export class PlatformaticWire implements Wire {
  readonly remembers = false
  readonly reading: TopicReading
  private readonly cluster: Cluster
  private readonly producer: Producer
  private readonly clock: Clock

  constructor({ place: { brokers }, context }: WireParts) {
    this.cluster = new Cluster({ brokers, context, requestTimeout: REQUEST_MS })
    this.producer = new Producer(this.cluster)
    this.reading = new TopicReading(this.cluster)
    this.clock = context.world.clock
  }

  connect(): Promise<number> {
    return this.cluster.connect()
  }

  produce(
    topic: string,
    messages: readonly Outgoing[],
    compression: Topic['compression'],
  ): Promise<readonly Refusal[]> {
    return this.producer.send(topic, messages, compression)
  }

  async refresh(topic: string): Promise<void> {
    await this.cluster.refresh(topic)
  }

  ensureTopics(topics: readonly Topic[]): Promise<string[]> {
    return ensureTopics(this.cluster, topics, this.clock)
  }

  async ends(topic: string): Promise<Map<number, number>> {
    return edgesOf(this.cluster, topic, await this.reading.partitions(topic), 'latest')
  }

  async ask(known: string | undefined): Promise<void> {
    await (known === undefined ? this.cluster.connect() : this.cluster.refresh(known))
  }

  disconnect(): Promise<void> {
    return Promise.resolve()
  }

  destroy(): void {
    this.cluster.destroy()
  }
}
