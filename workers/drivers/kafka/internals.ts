// The parts of kafkajs that it does not export and that we must reach, typed as narrowly as we use them.
import { createRequire } from 'node:module'

export interface Coordinator {
  heartbeat(request: GroupMember): Promise<unknown>
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

export interface GroupMember {
  groupId: string
  memberId: string
  groupGenerationId: number
}

export interface OffsetManager {
  committedOffsets(): Record<string, Record<number, string | undefined> | undefined>
  nextOffset(topic: string, partition: number): { toString(): string }
}

/** kafkajs/src/consumer/consumerGroup.js */
export interface ConsumerGroup {
  readonly cluster: object
  readonly groupId: string
  readonly memberId: string | null
  readonly generationId: number
  readonly coordinator: Coordinator
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
}

interface RequestQueue {
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  scheduleCheckPendingRequests(): void
}

const require = createRequire(import.meta.url)

export const ConsumerGroupClass = require('kafkajs/src/consumer/consumerGroup.js') as {
  prototype: ConsumerGroup
}
export const RequestQueueClass = require('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue
}
