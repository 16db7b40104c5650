// What brokers say of themselves, in our own words, for health, lag and doctor. Asking changes nothing and counts as nothing.
import type { Subject } from './registry.ts'

/** Looks at one broker over a connection of its own, which it opens when it is asked. */
export interface Inspector<Wanted, Facts> {
  /** Which broker it is, for people; never a secret. */
  readonly target: string
  /** What stands in for the broker, if something does. */
  readonly driver: 'embedded' | 'kafka' | 'rabbitmq' | 'redis'
  /**
   * Asks everything anew. Rejects with an outage when there is no answer within `withinMs`, connecting included: a broker that
   * takes connections and says nothing is one that is away. May be called again then.
   */
  look(wanted: Wanted, withinMs: number): Promise<Facts>
  /** Idempotent, never rejects, never hangs. */
  close(): Promise<void>
}

interface Facts {
  /** Null: the broker does not tell. */
  readonly version: string | null
  /** One round trip, when everything was connected. */
  readonly latencyMs: number
}

// ---------------------------------------------------------------- Redis

/** What one server says of itself; of a cluster its masters together, and the worst of what is not counted. */
export interface RedisServerFacts {
  readonly uptimeSeconds: number
  readonly clients: number
  readonly memory: {
    readonly usedBytes: number
    /** Null: no limit but the machine's. */
    readonly limitBytes: number | null
    /** `noeviction` and the like. */
    readonly policy: string
  }
  readonly persistence: {
    /** Every write is on disk, or soon will be. */
    readonly appendOnly: boolean
    /** The last write to disk, of either kind, went well. */
    readonly lastWriteOk: boolean
    /** Commands wait for it. */
    readonly loading: boolean
  }
  readonly cluster: { readonly enabled: boolean; readonly role: string; readonly replicas: number }
  /** Of all keys, since the server started. */
  readonly keyspace: { readonly hits: number; readonly misses: number; readonly evicted: number }
}

export interface RedisNodeFacts {
  readonly address: string
  readonly role: 'master' | 'replica'
  /** As the others see it, and as it answers: `suspected` has not answered us or some of them, `down` not the most of them. */
  readonly state: 'up' | 'suspected' | 'down'
  readonly slots: number
  /** Null: it is a replica, or did not answer. */
  readonly server: RedisServerFacts | null
}

export interface RedisShardFacts {
  /** It takes commands. */
  readonly ok: boolean
  /** Of 16384. */
  readonly slotsServed: number
  readonly nodes: readonly RedisNodeFacts[]
  /** Named by the connection, and no node of this cluster. */
  readonly strangers: readonly string[]
}

export interface RedisFacts extends Facts, RedisServerFacts {
  /** Of a connection to a cluster; null: it leads to one server. */
  readonly shards: RedisShardFacts | null
}

/** Of one queue of jobs. */
export interface JobFacts {
  /** Its name in fleet.yaml. */
  readonly name: string
  readonly address: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
}

export interface JobsFacts extends Facts {
  readonly jobs: readonly JobFacts[]
}

// ---------------------------------------------------------------- RabbitMQ

export interface QueueFacts {
  /** Its name in fleet.yaml. */
  readonly name: string
  readonly address: string
  /** False: there is none, and the numbers are 0. */
  readonly there: boolean
  /** Waiting for a consumer; of a stream all that it keeps. */
  readonly ready: number
  /** With a consumer. Null: nobody could be asked. */
  readonly unacknowledged: number | null
  readonly consumers: number
  /** Messages a second, over the latest seconds: those that came, and those that consumers were given. Null: nobody counts them. */
  readonly rates: { readonly in: number; readonly out: number } | null
}

export interface NodeFacts {
  readonly name: string
  readonly running: boolean
  /** `memory`, `disk`: it takes no messages. */
  readonly alarms: readonly string[]
  /** Nodes that it does not see. */
  readonly partitions: readonly string[]
  readonly memory: { readonly usedBytes: number; readonly limitBytes: number }
  readonly disk: { readonly freeBytes: number; readonly limitBytes: number }
}

export interface RabbitmqFacts extends Facts {
  readonly cluster: {
    readonly name: string | null
    /** Null: nobody could be asked. */
    readonly nodes: readonly NodeFacts[] | null
  }
  /** Of the virtual host. Null: nobody could be asked. */
  readonly connections: number | null
  readonly queues: readonly QueueFacts[]
  /** Addresses of exchanges that are not there. */
  readonly missingExchanges: readonly string[]
  /** Regular expressions of names that the user may create, write to and read from. Null: nobody could be asked. */
  readonly permissions: {
    readonly configure: string
    readonly write: string
    readonly read: string
  } | null
  /** Why the management API could not be asked; undefined when it answered. */
  readonly unasked?: { readonly code: string; readonly message: string; readonly fix: string }
}

// ---------------------------------------------------------------- Kafka

export interface TopicFacts {
  /** Its name in fleet.yaml. */
  readonly name: string
  readonly address: string
  /** 0: there is none. */
  readonly partitions: number
  /** Partitions that nobody can read or write. */
  readonly leaderless: readonly number[]
  /** Partitions with fewer copies in sync than there should be. */
  readonly underReplicated: readonly number[]
}

export interface PartitionLag {
  readonly partition: number
  /** The next offset to read; null: the group has committed none, and reads from the edge that `start` names. */
  readonly committed: number | null
  readonly end: number
  readonly lag: number
}

export interface GroupFacts {
  /** Its name in fleet.yaml. */
  readonly name: string
  readonly address: string
  readonly topic: string
  /** As Kafka says: `Stable`, `Empty`, `PreparingRebalance`, `Dead` … */
  readonly state: string
  readonly members: number
  /** Of partitions that have a leader. */
  readonly partitions: readonly PartitionLag[]
  readonly lag: number
}

export interface KafkaFacts extends Facts {
  readonly cluster: {
    readonly id: string | null
    readonly controller: number | null
    readonly brokers: readonly { readonly id: number; readonly address: string }[]
  }
  readonly topics: readonly TopicFacts[]
  readonly groups: readonly GroupFacts[]
}

// ---------------------------------------------------------------- schema registry

export interface RegistryFacts {
  readonly latencyMs: number
  readonly schemas: readonly {
    /** By its name in fleet.yaml. */
    readonly topic: string
    readonly subject: string
    /** Its schema is a version of the subject. */
    readonly registered: boolean
  }[]
}

// ---------------------------------------------------------------- what is asked for

/** By its name in fleet.yaml, and where it is on the broker. */
export interface Placed {
  readonly name: string
  readonly address: string
}

export interface WantedQueues {
  readonly queues: readonly Placed[]
  /** Addresses. */
  readonly exchanges: readonly string[]
}

/** A group that reads a topic, by its name on the broker. */
export interface WantedGroup extends Placed {
  readonly topic: Placed
  readonly start: 'earliest' | 'latest'
}

export interface WantedTopics {
  readonly topics: readonly Placed[]
  readonly groups: readonly WantedGroup[]
}

/** By topic, what is registered for it. */
export type WantedSchemas = ReadonlyMap<string, Subject>

export interface RegistryInspector {
  readonly target: string
  /** As `Inspector.look`. Nothing stays open in between. */
  look(wanted: WantedSchemas, withinMs: number): Promise<RegistryFacts>
}

export type RedisInspector = Inspector<void, RedisFacts>
export type JobsInspector = Inspector<readonly Placed[], JobsFacts>
export type RabbitmqInspector = Inspector<WantedQueues, RabbitmqFacts>
export type KafkaInspector = Inspector<WantedTopics, KafkaFacts>
