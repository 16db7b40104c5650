// What the driver asks of a client library, and what that one tells it: each library has a folder that fills this seam, and is known nowhere else.
import type { DriverContext, Lane, LogSourceOptions, Topic } from '../../core/contract.ts'
import type { LogMessage } from '../../core/message.ts'
import type { Outgoing } from './outgoing.ts'
import type { Place } from './errors.ts'

export interface KafkaClient {
  wire(parts: WireParts): Wire
  consumer(parts: ConsumerParts): Consumer
}

// ---------------------------------------------------------------- sending and asking

export interface WireParts {
  readonly place: Place
  readonly context: DriverContext
}

/** Kafka's own answer to a part of a request. */
export interface Refusal {
  /** `retriable`: where the partitions live must be asked anew. */
  readonly error: Error & { readonly type?: string; readonly retriable: boolean }
  readonly messages: ReadonlySet<Outgoing>
}

/** One connection for everything that is sent and asked, good for one life. Whoever uses it bounds each call. */
export interface Wire {
  /** It asks for the metadata of every topic that it ever met, all at once: one that was deleted fails all others, until the wire is a new one. */
  readonly remembers: boolean
  /** Resolves once brokers answered, with how many there are. */
  connect(): Promise<number>
  /**
   * One request to each leader, never repeated. What is in no refusal was stored. Rejects with a name of Kafka's own (`typeOf`) only
   * when nothing was sent; in any other case all of it may have been stored, or none.
   */
  produce(
    topic: string,
    messages: readonly Outgoing[],
    compression: Topic['compression'],
  ): Promise<readonly Refusal[]>
  /** Asks anew where the partitions live that messages went to. */
  refresh(topic: string): Promise<void>
  /** Returns the addresses created; changes nothing that exists. */
  ensureTopics(topics: readonly Topic[]): Promise<string[]>
  /** The offset behind the last message, by partition. */
  ends(topic: string): Promise<Map<number, number>>
  /** The cheapest question. `known`: a topic that was there. */
  ask(known: string | undefined): Promise<void>
  readonly reading: Reading
  /** In good order; may hang. */
  disconnect(): Promise<void>
  /** Ends every connection, whatever is under way on it. */
  destroy(): void
}

export type Edge = 'earliest' | 'latest'

export interface Page {
  readonly messages: readonly LogMessage[]
  /** Where to go on; undefined: there is nothing more. */
  readonly next: number | undefined
}

/** Reads topics outside of all groups; commits nothing. Aborted messages and control records are passed over. */
export interface Reading {
  /** Asks only when nothing is known of the topic yet. */
  partitions(topic: string): Promise<readonly number[]>
  refresh(topic: string): Promise<void>
  edges(topic: string, partitions: readonly number[], edge: Edge): Promise<Map<number, number>>
  /** One answer of the broker. */
  fetch(topic: string, partition: number, from: number): Promise<Page>
}

// ---------------------------------------------------------------- consuming

/** Where a group reads on in a partition that it was just given. */
export interface Start {
  readonly partition: number
  /** The first offset to read. */
  readonly from: number
  /** Null when the group has committed nothing. */
  readonly committed: number | null
  readonly note: string
}

/** How far a partition is finished: the next offset to read, and what is written beside it. */
export interface Committed {
  readonly partition: number
  readonly next: number
  readonly note: string
}

/** A group as its member sees it, in one generation or between two. */
export interface Group {
  /** False: the client forgot who it was, and so did the coordinator. */
  known(): boolean
  /** Partitions of the topic. */
  assigned(): readonly number[]
  /** Rejects with Kafka's answer when the group goes on without us, or is about to be joined anew. */
  heartbeat(): Promise<void>
  /** The group moved to another broker, or its broker is away for a moment; members and generation stay what they are. */
  findCoordinator(): Promise<void>
  /** Negative where nothing was committed. */
  stored(partitions: readonly number[]): Promise<readonly Committed[]>
  edges(partitions: readonly number[], edge: Edge): Promise<Map<number, number>>
  /** Under the generation of now, once: never repeated under a later one. */
  commit(places: readonly Committed[]): Promise<void>
  readFrom(starts: readonly Start[]): void
}

/** A lane as clients see it: what came of it, and whose it is. */
export interface FedLane extends Lane {
  readonly owned: boolean
  /** Next offset to hand over. */
  readonly position: number
  /** An answer of the broker said where the partition ends. */
  fetched(end: number, now: number): void
  /** Everything below `position` is handed over, or nobody's business. */
  moved(position: number, now: number): void
}

/** The member's seat, which the client tells of what it is about to do. */
export interface Seat {
  readonly lanes: readonly FedLane[]
  /** Around each join: work in flight is drained under heartbeats first; what the group gives is granted afterwards. */
  join(group: Group, step: () => Promise<void>): Promise<void>
  /** The coordinator answered what was sent at `at`, by the monotonic clock. */
  heard(at: number): void
  /** The client is alive. */
  sign(): void
  /** The lanes are gone already. */
  lose(): void
}

/** What one fetch brought of a lane. */
export interface Fetched {
  readonly lane: FedLane
  /** The offset that was asked for. */
  readonly from: number
  readonly messages: readonly LogMessage[]
  /** Behind the last record, whatever that was. */
  readonly next: number
  /** Messages up to this offset were taken. */
  taken?(last: number): void
  /** Called now and then while there is no room. */
  waiting?(): Promise<void>
}

export interface ConsumerParts {
  readonly brokers: readonly string[]
  readonly context: DriverContext
  readonly options: LogSourceOptions
  readonly seat: Seat
  /** Resolves when everything was taken, or the lane is gone. Rejects when the offsets went back: the consumer is over then. */
  readonly handOver: (fetched: Fetched) => Promise<void>
  /** It cannot go on. */
  readonly failed: (thrown: unknown) => void
  /** Aborted when it is over. */
  readonly over: AbortSignal
}

/** A group's member from its first connection on; one that failed is never used again. */
export interface Consumer {
  /** Rejects when it could not begin; resolves when it reads. */
  begin(): Promise<void>
  /** Leaves the group; may hang. */
  leave(): Promise<void>
  destroy(): void
}
