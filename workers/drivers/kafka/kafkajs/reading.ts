// Reads topics on a cluster of its own, outside of all groups: connected at its first use, and nothing on the broker counts it.
import type { Kafka } from 'kafkajs'
import type { Clock } from '../../../core/clock.ts'
import { SluiceError } from '../../../core/errors.ts'
import type { Edge, Page, Reading } from '../client.ts'
import { FETCH_BYTES, FETCH_MS } from '../view.ts'
import { whereItLives } from '../where-it-lives.ts'
import { toLogMessage } from './convert.ts'
import {
  FetchedBatchClass,
  READ_COMMITTED,
  readingCluster,
  type ReadingCluster,
} from './internals.ts'

export class TopicReading implements Reading {
  private readonly cluster: ReadingCluster
  private readonly clock: Clock
  private connecting: Promise<void> | undefined

  constructor(kafka: Kafka, clock: Clock) {
    this.cluster = readingCluster(kafka)
    this.clock = clock
  }

  async partitions(topic: string): Promise<readonly number[]> {
    this.connecting ??= this.cluster.connect()
    try {
      await this.connecting
    } catch (error) {
      this.connecting = undefined
      throw error
    }
    await this.cluster.addTargetTopic(topic)
    return this.cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
  }

  refresh(): Promise<void> {
    return this.cluster.refreshMetadata()
  }

  async edges(
    topic: string,
    partitions: readonly number[],
    edge: Edge,
  ): Promise<Map<number, number>> {
    const wanted = partitions.map((partition) => ({ partition }))
    const fromBeginning = edge === 'earliest'
    const [answer] = await whereItLives(
      () => this.cluster.fetchTopicsOffset([{ topic, fromBeginning, partitions: wanted }]),
      async (pause) => {
        await this.clock.sleep(pause)
        await this.refresh()
      },
    )
    return new Map(
      (answer?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
    )
  }

  async fetch(topic: string, partition: number, from: number): Promise<Page> {
    const leaders = this.cluster.findLeaderForPartitions(topic, [partition])
    const [nodeId] = Object.keys(leaders)
    if (nodeId === undefined)
      throw new SluiceError('SLU5201', { message: `${topic}/${partition} has no leader` })
    const broker = await this.cluster.findBroker({ nodeId })
    const { responses } = await broker.fetch({
      isolationLevel: READ_COMMITTED,
      maxWaitTime: FETCH_MS,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      topics: [
        { topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: FETCH_BYTES }] },
      ],
    })
    const [answer] = responses.flatMap(({ partitions }) => partitions)
    if (answer === undefined) return { messages: [], next: undefined }
    const batch = new FetchedBatchClass(topic, String(from), answer)
    const nothing = batch.isEmpty() && !batch.isEmptyDueToFiltering()
    return {
      messages: batch.messages.map(toLogMessage),
      next: nothing ? undefined : Number(batch.lastOffset()) + 1,
    }
  }

  async disconnect(): Promise<void> {
    if (this.connecting !== undefined) await this.cluster.disconnect()
  }
}
