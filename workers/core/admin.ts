// The ports through which `plan` looks at what is on a broker and `apply` changes it; nothing happens that no action names.
import type { Exchange, Queue, Topic } from './contract.ts'
import type { Subject } from './registry.ts'

interface Admin {
  /** Which broker it is, for people: host, port and virtual host, never a secret. */
  readonly target: string
  /** Rejects with an outage error while the broker is away; may be called again then. */
  connect(): Promise<void>
  /** Idempotent, never hangs. */
  close(): Promise<void>
}

// ---------------------------------------------------------------- topics

/** Fields of a topic that can be set on one that exists, by their names in fleet.yaml. */
export type TopicField = 'retention.time' | 'retention.bytes' | 'cleanup' | 'minInSync' | 'maxBytes'

export interface FoundSetting {
  /** In the words of fleet.yaml: milliseconds, bytes, `forever`. */
  readonly value: number | string
  /** Set on the topic itself; false: it is as the cluster is set up. */
  readonly own: boolean
}

export interface FoundTopic {
  readonly partitions: number
  readonly replication: number
  readonly settings: Readonly<Record<TopicField, FoundSetting>>
  /** What is set on the topic and has no word in fleet.yaml, as the broker calls it. */
  readonly others: Readonly<Record<string, string>>
}

export interface FoundTopics {
  /** By address; what is not there is missing. */
  readonly topics: ReadonlyMap<string, FoundTopic>
  /** Others below the prefix; empty when the prefix is. */
  readonly undeclared: readonly string[]
}

export type TopicAction =
  | { readonly do: 'create-topic'; readonly topic: Topic }
  | { readonly do: 'set'; readonly topic: Topic; readonly field: TopicField }
  | { readonly do: 'add-partitions'; readonly topic: Topic }

export interface TopicAdmin extends Admin {
  look(topics: readonly Topic[], prefix: string): Promise<FoundTopics>
  /** Idempotent; resolves when the broker shows it. What others set on the topic stays. */
  carryOut(action: TopicAction): Promise<void>
}

// ---------------------------------------------------------------- queues

export interface FoundBinding {
  readonly exchange: string
  /** A queue, or an exchange. */
  readonly to: string
  readonly key: string
  /** Not empty: it is none that fleet.yaml can declare. */
  readonly arguments: Readonly<Record<string, unknown>>
}

/** Fields that are fixed when a queue or an exchange is made, by their names in fleet.yaml where it has one, else by the broker's. */
export type FixedField =
  | 'type'
  | 'durable'
  | 'autoDelete'
  | 'internal'
  | 'exclusive'
  | 'limit.messages'
  | 'limit.bytes'
  | 'limit.overflow'
  | 'singleActiveConsumer'
  | 'deliveryLimit'
  | 'retention.time'
  | 'retention.bytes'
  | WaitField

/** Of queues in which messages wait for another attempt. */
export type WaitField =
  | 'x-message-ttl'
  | 'x-dead-letter-exchange'
  | 'x-dead-letter-routing-key'
  | 'x-dead-letter-strategy'

export type FixedSettings = Readonly<Partial<Record<FixedField, string | number | boolean>>>

interface Details {
  readonly settings: FixedSettings
  /** Arguments and policies without a word in fleet.yaml. */
  readonly others: Readonly<Record<string, string>>
  /** Of an exchange: to where; of a queue: from where. */
  readonly bindings: readonly FoundBinding[]
}

export interface FoundExchange {
  /** Undefined: nobody could be asked for more than whether it is there. */
  readonly details: Details | undefined
}

export interface FoundQueue {
  readonly messages: number
  readonly consumers: number
  readonly details: Details | undefined
}

export interface FoundQueues {
  /** False: only what is missing is known. */
  readonly compared: boolean
  readonly exchanges: ReadonlyMap<string, FoundExchange>
  readonly queues: ReadonlyMap<string, FoundQueue>
  /** Others below the prefix; empty when the prefix is. */
  readonly undeclared: readonly { readonly kind: 'queue' | 'exchange'; readonly name: string }[]
}

export type QueueAction =
  | { readonly do: 'create-exchange'; readonly exchange: Exchange }
  | { readonly do: 'create-queue'; readonly queue: Queue }
  | {
      readonly do: 'bind' | 'unbind'
      readonly exchange: string
      readonly to: string
      readonly key: string
      readonly arguments: Readonly<Record<string, unknown>>
    }
  /** Deleted and made again with the bindings that the queues declare. */
  | {
      readonly do: 'replace-exchange'
      readonly exchange: Exchange
      readonly queues: readonly Queue[]
    }
  /** Refused with SLU0398 when it holds messages or has consumers by then. */
  | { readonly do: 'replace-queue'; readonly queue: Queue }

export interface QueueAdmin extends Admin {
  look(
    wanted: { readonly exchanges: readonly Exchange[]; readonly queues: readonly Queue[] },
    prefix: string,
  ): Promise<FoundQueues>
  /** Idempotent. */
  carryOut(action: QueueAction): Promise<void>
}

// ---------------------------------------------------------------- schemas

export interface FoundSubject {
  readonly versions: readonly number[]
  /** The schema is one of them. */
  readonly registered: boolean
  /** Why the registry would refuse it as the next one. */
  readonly objections: readonly string[]
}

export interface SchemaAction {
  readonly do: 'register-schema'
  readonly subject: Subject
}

// ---------------------------------------------------------------- schedules

export interface FoundSchedule {
  /** Of the queue that it fires into. */
  readonly address: string
  /** When it fires, for people. */
  readonly says: string
}

/** The jobs that it has added are left as they are. */
export interface ScheduleAction {
  readonly do: 'remove-schedule'
  readonly address: string
}

export interface ScheduleAdmin extends Admin {
  /** Those that fire into queues whose address begins so. */
  look(beginning: string): Promise<readonly FoundSchedule[]>
  /** Idempotent. */
  carryOut(action: ScheduleAction): Promise<void>
}
