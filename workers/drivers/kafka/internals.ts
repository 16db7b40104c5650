// The parts of kafkajs that it does not export and that we must reach, typed as narrowly as we use them.
import { createRequire } from 'node:module'
import type { Batch, TopicOffsets } from 'kafkajs'

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
interface AlterConfigs {
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

const require = createRequire(import.meta.url)

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
