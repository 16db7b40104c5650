// Reads what a topic holds on a cluster of its own, outside of all groups; commits nothing, and nothing on the broker counts it.
import type { Kafka } from 'kafkajs'
import type { LogRange, LogView } from '../../core/log-view.ts'
import { SluiceError } from '../../core/errors.ts'
import type { LogMessage } from '../../core/message.ts'
import { toLogMessage } from './convert.ts'
import { typeOf } from './errors.ts'
import {
  FetchedBatchClass,
  READ_COMMITTED,
  readingCluster,
  type ReadingCluster,
} from './internals.ts'

/** Of one answer; the broker sends a message that is larger alone. */
const FETCH_BYTES = 4 * 1024 * 1024
const WAIT_MS = 500
/** An answer without anything, where something should be, is asked for again: a list must not end early. */
const ASKED_AGAIN = 3
/** The leader moved: it is looked for once more. */
const MOVED = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'])

export interface Page {
  readonly messages: readonly LogMessage[]
  /** Where to go on; undefined: there is nothing more. */
  readonly next: number | undefined
}

/** `page`: one answer of the broker. */
export function viewOf(
  ranges: () => Promise<LogRange[]>,
  page: (partition: number, from: number) => Promise<Page>,
): LogView {
  return {
    ranges,
    async *read({ partition, from, to }) {
      for (let at: number | undefined = from; at !== undefined && at < to;) {
        const { messages, next } = await page(partition, at)
        const wanted = messages.filter(({ offset }) => offset < to)
        if (wanted.length > 0) yield wanted
        at = next
      }
    },
  }
}

/** Connects at its first use. */
export class TopicReader {
  private readonly cluster: ReadingCluster
  private connecting: Promise<void> | undefined

  constructor(kafka: Kafka) {
    this.cluster = readingCluster(kafka)
  }

  async ranges(topic: string): Promise<LogRange[]> {
    await this.knows(topic)
    const partitions = this.cluster
      .findTopicPartitionMetadata(topic)
      .map(({ partitionId }) => ({ partition: partitionId }))
    if (partitions.length === 0)
      throw new SluiceError('SLU5201', { message: `the partitions of ${topic} are not known` })
    const low = await this.offsets(topic, partitions, true)
    const high = await this.offsets(topic, partitions, false)
    return partitions
      .map(({ partition }) => {
        const to = high.get(partition) ?? 0
        return { partition, from: Math.min(low.get(partition) ?? to, to), to }
      })
      .toSorted((a, b) => a.partition - b.partition)
  }

  async page(topic: string, partition: number, from: number): Promise<Page> {
    await this.knows(topic)
    const known = this.cluster.findTopicPartitionMetadata(topic)
    if (!known.some(({ partitionId }) => partitionId === partition))
      return { messages: [], next: undefined }
    try {
      for (let times = 0; ; times++) {
        const page = await this.fetch(topic, partition, from)
        if (page.next !== undefined || times === ASKED_AGAIN) return page
        const end = (await this.offsets(topic, [{ partition }], false)).get(partition) ?? from
        if (end <= from) return page
      }
    } catch (thrown) {
      const type = typeOf(thrown) ?? ''
      if (MOVED.has(type)) {
        await this.cluster.refreshMetadata()
        return this.fetch(topic, partition, from)
      }
      if (type !== 'OFFSET_OUT_OF_RANGE') throw thrown
      // The oldest were dropped meanwhile.
      const low = (await this.offsets(topic, [{ partition }], true)).get(partition) ?? from
      return { messages: [], next: low > from ? low : undefined }
    }
  }

  async disconnect(): Promise<void> {
    if (this.connecting !== undefined) await this.cluster.disconnect()
  }

  private async fetch(topic: string, partition: number, from: number): Promise<Page> {
    const leaders = this.cluster.findLeaderForPartitions(topic, [partition])
    const [nodeId] = Object.keys(leaders)
    if (nodeId === undefined)
      throw new SluiceError('SLU5201', { message: `${topic}/${partition} has no leader` })
    const broker = await this.cluster.findBroker({ nodeId })
    const { responses } = await broker.fetch({
      isolationLevel: READ_COMMITTED,
      maxWaitTime: WAIT_MS,
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

  private async offsets(
    topic: string,
    partitions: { partition: number }[],
    fromBeginning: boolean,
  ): Promise<Map<number, number>> {
    const [answer] = await this.cluster.fetchTopicsOffset([{ topic, fromBeginning, partitions }])
    return new Map(
      (answer?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
    )
  }

  private async knows(topic: string): Promise<void> {
    this.connecting ??= this.cluster.connect()
    try {
      await this.connecting
    } catch (error) {
      this.connecting = undefined
      throw error
    }
    await this.cluster.addTargetTopic(topic)
  }
}
