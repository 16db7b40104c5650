// The parts of kafkajs that it does not export and that we must reach, typed as narrowly as we use them.
import { createRequire } from 'node:module'
import type {
  Batch,
  Kafka,
  KafkaJSProtocolError,
  Producer,
  ProducerConfig,
  TopicOffsets,
} from 'kafkajs'

export interface Coordinator {
  heartbeat(request: {
    groupId: string
    memberId: string
    groupGenerationId: number
  }): Promise<unknown>
  offsetFetch(request: {
    groupId: string
    topics: { topic: string; partitions: { partition: number }[] }[]
  }): Promise<{
    responses: {
      topic: string
      partitions: { partition: number; offset: string; metadata: string | null }[]
    }[]
  }>
}

/** kafkajs/src/cluster: what a consumer's group and its assigners share. */
export interface Cluster {
  findGroupCoordinator(group: { groupId: string }): Promise<Coordinator>
  fetchTopicsOffset(
    topics: { topic: string; fromBeginning: boolean; partitions: { partition: number }[] }[],
  ): Promise<TopicOffsets[]>
}

/** kafkajs/src/consumer/offsetManager: a new one for each generation. */
export interface OffsetManager {
  coordinator: Coordinator
  committedOffsets(): Record<string, Record<number, string> | undefined>
}

/** What one fetch brought of one partition. */
export type FetchedBatch = Batch & {
  readonly fetchedOffset: string
  /** Records came, and none of them is for us: control records, aborted transactions. */
  isEmptyDueToFiltering(): boolean
}

/** kafkajs/src/consumer/consumerGroup.js */
export interface ConsumerGroup {
  readonly cluster: Cluster
  readonly groupId: string
  readonly memberId: string | null
  readonly generationId: number
  coordinator: Coordinator
  readonly offsetManager: OffsetManager | null
  /** When the last heartbeat was answered, by the wall clock. */
  readonly lastRequest: number
  assigned(): { topic: string; partitions: number[] }[]
  commitOffsets(offsets: {
    topics: {
      topic: string
      partitions: { partition: number; offset: string; metadata: string }[]
    }[]
  }): Promise<void>
  joinAndSync(): Promise<void>
  heartbeat(options: { interval: number }): Promise<void>
  fetch(nodeId: string): Promise<FetchedBatch[]>
  leave(): Promise<void>
}

export interface RequestQueue {
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  scheduleCheckPendingRequests(): void
}

/** kafkajs/src/protocol/encoder.js */
interface Encoding {
  writeInt8(value: number): Encoding
  writeString(value: string): Encoding
  writeBoolean(value: boolean): Encoding
  writeArray(values: readonly Encoding[]): Encoding
}

/** kafkajs/src/protocol/requests/alterConfigs */
export interface AlterConfigs {
  readonly versions: readonly string[]
  protocol(choice: { version: number }): (payload: {
    resources: readonly {
      type: number
      name: string
      configEntries: readonly { name: string; value: string }[]
    }[]
    validateOnly: boolean
  }) => {
    request: {
      apiKey: number
      apiVersion: number
      apiName: string
      encode(): Promise<Encoding>
    }
    response: unknown
  }
}

/** kafkajs/src/protocol/requests/produce; `parse` is what turns an answer into an error. */
export interface ProduceRequests {
  readonly versions: readonly string[]
  protocol(choice: { version: number | string }): (payload: { topicData: readonly unknown[] }) => {
    request: unknown
    response: { decode: unknown; parse(data: unknown): Promise<unknown> }
  }
}

/** kafkajs/src/broker: each method looks its request up before it waits for anything. */
export interface AskedBroker {
  /** By API key; `definition` has the versions of the request. */
  lookupRequest(key: number, definition: object): unknown
  produce(request: unknown): Promise<unknown>
  alterConfigs(request: unknown): Promise<unknown>
}

/** A cluster of any kind. */
export interface AskingCluster {
  findBroker(node: { nodeId: string }): Promise<AskedBroker>
}

/** What a producer knows of the cluster. */
interface ProducerCluster {
  /** Asks for the metadata of every topic of the producer; rejects when any of them is not there. */
  refreshMetadata(): Promise<void>
}

/** kafkajs/src/broker */
interface FetchingBroker {
  fetch(request: {
    isolationLevel: number
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    topics: {
      topic: string
      partitions: { partition: number; fetchOffset: string; maxBytes: number }[]
    }[]
  }): Promise<{ responses: { topicName: string; partitions: unknown[] }[] }>
}

/** A cluster that belongs to no consumer and no producer: whoever asks it leaves no trace on the broker. */
export interface ReadingCluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  refreshMetadata(): Promise<void>
  findTopicPartitionMetadata(topic: string): { partitionId: number }[]
  /** Partitions by the id of their leader. */
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>
  findBroker(node: { nodeId: string }): Promise<FetchingBroker>
  fetchTopicsOffset: Cluster['fetchTopicsOffset']
}

/** For what must be as it is in kafkajs 2.2.4: another one may lose messages silently, so nothing starts with it. */
export function expectInternals(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`kafkajs is not the one that the Kafka driver knows: ${what}`)
}

/** A producer and the cluster that it keeps to itself. */
export function producerWithCluster(
  kafka: Kafka,
  config: ProducerConfig,
): { producer: Producer; cluster: ProducerCluster } {
  const { own, name } = makerOfClusters<ProducerCluster>(kafka)
  const create = own[name] as (options: unknown) => ProducerCluster
  let cluster: ProducerCluster | undefined
  own[name] = (options) => (cluster = create(options))
  try {
    const producer = kafka.producer(config)
    expectInternals(
      typeof (cluster as Partial<ProducerCluster> | undefined)?.refreshMetadata === 'function',
      'a producer has no cluster that could be asked for metadata',
    )
    return { producer, cluster: cluster as unknown as ProducerCluster }
  } finally {
    own[name] = create
  }
}

/** Messages of transactions that are not over, or were given up, are not shown. */
export const READ_COMMITTED = 1

export function readingCluster(kafka: Kafka): ReadingCluster {
  const { own, name } = makerOfClusters<ReadingCluster>(kafka)
  const cluster = own[name]?.({
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    isolationLevel: READ_COMMITTED,
  })
  const known: Partial<ReadingCluster> | undefined = cluster
  expectInternals(
    typeof known?.findBroker === 'function' && typeof known.fetchTopicsOffset === 'function',
    'a cluster is read in another way',
  )
  return cluster as ReadingCluster
}

/** Where a client keeps the function that makes its clusters. */
export function makerOfClusters<C>(kafka: Kafka) {
  const own = kafka as unknown as Record<symbol, (options: unknown) => C>
  const name = Object.getOwnPropertySymbols(own).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  )
  expectInternals(name !== undefined, 'a client makes its clusters in another way')
  return { own, name }
}

const require = createRequire(import.meta.url)

/** What a fetch brought of a partition, without control records and what was given up. */
export const FetchedBatchClass = require('kafkajs/src/consumer/batch.js') as new (
  topic: string,
  fetchedOffset: string,
  partition: unknown,
) => FetchedBatch

export const ConsumerGroupClass = require('kafkajs/src/consumer/consumerGroup.js') as {
  prototype: ConsumerGroup
}
export const RequestQueueClass = require('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue
}
export const Encoder = require('kafkajs/src/protocol/encoder.js') as new () => Encoding
/** What a broker looks up when it is asked to alter configs. */
export const alterConfigs =
  require('kafkajs/src/protocol/requests/alterConfigs/index.js') as AlterConfigs
export const produceRequests =
  require('kafkajs/src/protocol/requests/produce/index.js') as ProduceRequests
/** The error that kafkajs itself would have thrown. */
export const { createErrorFromCode } = require('kafkajs/src/protocol/error.js') as {
  createErrorFromCode(code: number): KafkaJSProtocolError
}
