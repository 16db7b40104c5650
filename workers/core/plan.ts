// The compiler's output: frozen, resolved plain data. After compilation nobody re-checks it; it holds variable names, never values.
import type { ConnectionPlan, Position, SecretRef, Setting, StatePlan } from './plan-connections.ts'
import type { HealthPlan } from './plan-health.ts'
import type { BreakerPlan, FailurePlan } from './plan-policies.ts'

export type * from './plan-connections.ts'
export type * from './plan-health.ts'
export type * from './plan-policies.ts'

/** Which paths of plain JSON carry the identity; each a list of property names below the value. */
export interface EnvelopePaths {
  readonly id?: readonly string[]
  readonly type?: readonly string[]
  readonly time?: readonly string[]
  readonly subject?: readonly string[]
}

/** How long a broker keeps what it has; absent: as the broker is set up. */
export interface RetentionPlan {
  /** Milliseconds. */
  readonly timeMs?: number | 'forever'
  /** Of one partition or stream. */
  readonly bytes?: number
}

/** What the values of a topic are written in. */
export type TopicFormatName = 'json' | 'json-registry' | 'avro'

export interface TopicPlan {
  readonly name: string
  readonly connection: string
  readonly at: Position
  readonly partitions: number
  /** Copies of each partition; undefined: as the cluster is set up. */
  readonly replication: number | undefined
  /** Copies that must have a message before it is confirmed; undefined: as the cluster is set up. */
  readonly minInSync: number | undefined
  readonly retention: RetentionPlan
  readonly cleanup: 'delete' | 'compact' | 'compact-delete'
  /** What our producers compress with; readers take all of them. */
  readonly compression: 'none' | 'gzip' | 'zstd' | 'snappy' | 'lz4'
  readonly schema: string | undefined
  /** json: as they stand. Else in Confluent's wire format, with a schema that stands in the registry of the connection. */
  readonly format: TopicFormatName
  /** This fleet registers versions of its schema; undefined: where a pipeline of it writes the topic. */
  readonly registers?: boolean | undefined
  readonly envelope: EnvelopePaths
  readonly tombstones: 'invalid' | 'deliver' | 'skip'
  /** Holds dead letters: bytes of any kind, no schema. */
  readonly deadLetters: boolean
  /** Holds messages that wait for another attempt of one pipeline: nobody but the runtime writes and reads it. */
  readonly parked: boolean
  /** Largest message, bytes, that producers and the broker accept for this topic. */
  readonly maxBytes: number
}

/** Durable. What is sent to it goes to the queues that are bound to it, and comes back when there is none. */
export interface ExchangePlan {
  readonly name: string
  readonly connection: string
  readonly at: Position
  readonly type: 'topic' | 'direct' | 'fanout'
  readonly schema: string
}

export interface BindingPlan {
  readonly exchange: string
  /** The routing key, or its pattern on a topic exchange; empty on a fanout exchange. */
  readonly key: string
}

/** Durable. */
export interface QueuePlan {
  readonly name: string
  readonly connection: string
  readonly at: Position
  readonly type: 'quorum' | 'classic' | 'stream'
  /** Of all but those that hold dead letters. */
  readonly schema: string | undefined
  /** Holds dead letters: bytes of any kind, no schema. A stream. */
  readonly deadLetters: boolean
  /** Schema of the answers; undefined: what is sent to it is a command, and nobody answers. */
  readonly reply: string | undefined
  readonly envelope: EnvelopePaths
  readonly bindings: readonly BindingPlan[]
  /** Undefined: no limit. */
  readonly limit:
    | {
        readonly messages: number | undefined
        readonly bytes: number | undefined
        /** What happens to one more: the sender is told, or the oldest is dropped. */
        readonly overflow: 'reject' | 'drop-oldest'
      }
    | undefined
  /** One consumer at a time, the others wait: what keeps the order of a queue. */
  readonly singleActiveConsumer: boolean
  /** Deliveries before the broker gives a message up; undefined: as the broker is set up. Quorum queues only. */
  readonly deliveryLimit: number | undefined
  /** Of a stream. */
  readonly retention: RetentionPlan
  /** Holds messages that wait for another attempt of one pipeline, or have waited: nobody but the runtime writes and reads it. */
  readonly parked: boolean
  /** After that many milliseconds a message goes on to the queue of that name; undefined: it stays until it is read. */
  readonly waits: { readonly ms: number; readonly then: string } | undefined
}

export interface CachePlan {
  readonly name: string
  readonly connection: string
  readonly at: Position
  readonly ttlMs: number
  /** An entry lives up to that many percent shorter, by chance. */
  readonly jitter: number
  /** A hash holds one field for each property of the value. */
  readonly as: 'string' | 'hash'
  readonly schema: string
  readonly whenDown: 'bypass' | 'fail'
  /** How long beyond its TTL an entry still answers while it is loaded anew; 0: not at all. */
  readonly staleMs: number
  /** Whose concurrent loads of a key are one. */
  readonly flight: 'process' | 'fleet'
  /** How long "there is none" is remembered; undefined: a handler must not return null. */
  readonly absentMs: number | undefined
}

/** Values that pipelines write for others to read, in a Redis that keeps them. */
export interface StorePlan {
  readonly name: string
  readonly connection: string
  readonly at: Position
  readonly ttlMs: number
  /** Whoever reads a value starts its time anew. */
  readonly sliding: boolean
  /** A hash holds one field for each property of the value. */
  readonly as: 'string' | 'hash'
  readonly schema: string
}

/** A queue of jobs in Redis, as BullMQ keeps it. */
export interface JobsPlan {
  readonly name: string
  readonly connection: string
  readonly at: Position
  readonly schema: string
  /** How long a job is remembered after its end, milliseconds: as long nobody can add another one with its id. */
  readonly retention: {
    readonly completedMs: number | 'forever'
    readonly failedMs: number | 'forever'
  }
}

/** An expression after checking: its text and where each evaluation error points. */
export interface ExpressionPlan {
  readonly text: string
  readonly at: Position
}

interface StepBase {
  readonly id: string
  /** Unique within the pipeline: the place of the step in the text, those within others counted where they stand. */
  readonly index: number
  readonly at: Position
  readonly when: ExpressionPlan | undefined
}
export interface CallPlan {
  readonly handler: string
  readonly input: ExpressionPlan
  /** Names of the caches that the handler may use by itself. */
  readonly caches: readonly string[]
  readonly timeoutMs: number
  readonly breaker: string | undefined
  readonly at: Position
}
export interface CallStepPlan extends StepBase {
  readonly kind: 'call'
  readonly call: CallPlan
}
export interface CacheStepPlan extends StepBase {
  readonly kind: 'cache'
  readonly cache: string
  readonly key: ExpressionPlan
  /** What its entries are about; undefined: nobody forgets them. */
  readonly tags: ExpressionPlan | undefined
  readonly load: CallPlan
  /** For so long a process may load for the whole fleet, and for so long others wait for it; undefined: each loads for itself. */
  readonly leaseMs: number | undefined
}
/** Ends all entries of a cache that have a tag. */
export interface ForgetStepPlan extends StepBase {
  readonly kind: 'forget'
  readonly cache: string
  readonly tag: ExpressionPlan
}
export interface MapStepPlan extends StepBase {
  readonly kind: 'map'
  readonly value: ExpressionPlan
}
export interface CommandStepPlan extends StepBase {
  readonly kind: 'command'
  readonly to: { readonly queue: string } | { readonly exchange: string }
  /** The routing key; set for exchanges of type topic and direct. */
  readonly key: ExpressionPlan | undefined
  readonly body: ExpressionPlan
}
export interface RequestStepPlan extends StepBase {
  readonly kind: 'request'
  readonly queue: string
  readonly body: ExpressionPlan
  /** How long the answer may take. */
  readonly timeoutMs: number
}
export interface EventStepPlan extends StepBase {
  readonly kind: 'event'
  readonly topic: string
  readonly key: ExpressionPlan | undefined
  readonly body: ExpressionPlan
}
export interface JobStepPlan extends StepBase {
  readonly kind: 'job'
  readonly jobs: string
  /** What tells one job from another; undefined: the message that led to it. */
  readonly identity: ExpressionPlan | undefined
  readonly body: ExpressionPlan
  readonly delayMs: number
  /** 1 goes first, after the jobs that have none. */
  readonly priority: number | undefined
}
export interface StoreStepPlan extends StepBase {
  readonly kind: 'store'
  readonly store: string
  readonly key: ExpressionPlan
  readonly body: ExpressionPlan
  /** Of the value: an older one does not take the place of a newer one. Undefined: the last one stays. */
  readonly version: ExpressionPlan | undefined
}
export interface DedupeStepPlan extends StepBase {
  readonly kind: 'dedupe'
  readonly key: ExpressionPlan
  readonly windowMs: number
}
/** Counts messages of a group by when they happened; its value are the windows that a message closes. */
export interface WindowStepPlan extends StepBase {
  readonly kind: 'window'
  readonly group: ExpressionPlan
  readonly time: ExpressionPlan
  readonly everyMs: number
  /** A message that comes later than that after the end of its window is counted as late, and in no window. */
  readonly lateMs: number
  /** A partition of which nothing came for that long holds no window open. */
  readonly idleMs: number
  /** Windows that may be open. */
  readonly limit: number
  readonly measures: readonly { readonly name: string; readonly value: ExpressionPlan }[]
}
export interface BranchPlan {
  readonly when: ExpressionPlan
  readonly steps: readonly StepPlan[]
}
/** Takes the first branch whose condition holds. */
export interface RouteStepPlan extends StepBase {
  readonly kind: 'route'
  readonly branches: readonly BranchPlan[]
  /** If none holds; `fail` is why such a message is a defect. */
  readonly otherwise: { readonly steps: readonly StepPlan[] } | { readonly fail: string }
}
/** Runs its steps for each item of a list, one after another. */
export interface SplitStepPlan extends StepBase {
  readonly kind: 'split'
  readonly over: ExpressionPlan
  /** What its steps call the item. */
  readonly as: string
  /** What tells the items apart; undefined: their places. */
  readonly itemId: ExpressionPlan | undefined
  readonly limit: number
  readonly steps: readonly StepPlan[]
}
export type StepPlan =
  | CallStepPlan
  | CacheStepPlan
  | ForgetStepPlan
  | MapStepPlan
  | CommandStepPlan
  | RequestStepPlan
  | EventStepPlan
  | JobStepPlan
  | StoreStepPlan
  | DedupeStepPlan
  | WindowStepPlan
  | RouteStepPlan
  | SplitStepPlan

interface FromBase {
  /** Larger messages are invalid, bytes. */
  readonly maxBytes: number
}
export interface TopicFromPlan extends FromBase {
  readonly kind: 'topic'
  readonly topic: string
  readonly group: string
  readonly start: 'earliest' | 'latest'
}
export interface QueueFromPlan extends FromBase {
  readonly kind: 'queue'
  readonly queue: string
}
export interface JobsFromPlan extends FromBase {
  readonly kind: 'jobs'
  readonly jobs: string
}
/** When something happens by itself: at each multiple of an interval, or as a cron says in its time zone. */
export type SchedulePlan =
  { readonly everyMs: number } | { readonly cron: string; readonly timezone: string }
export interface ScheduleFromPlan extends FromBase {
  readonly kind: 'schedule'
  /** What its firings are called: that of the pipeline is a part of it, no name of fleet.yaml is like it. */
  readonly name: string
  readonly pipeline: string
  readonly connection: string
  readonly at: Position
  readonly schedule: SchedulePlan
}
/** Where messages come from. */
export type FromPlan = TopicFromPlan | QueueFromPlan | JobsFromPlan | ScheduleFromPlan

/** Each message has its effects once, as far as its repeats come within the window. */
export interface OncePlan {
  readonly windowMs: number
}

export interface PipelinePlan {
  readonly name: string
  readonly file: string
  readonly at: Position
  readonly from: FromPlan
  readonly when: ExpressionPlan | undefined
  readonly once: OncePlan | undefined
  readonly order: 'key' | 'partition' | 'none'
  readonly concurrency: number
  readonly window: number
  readonly steps: readonly StepPlan[]
  /** The answer to whoever asked; set exactly if the source is a queue with answers. */
  readonly reply: ExpressionPlan | undefined
  readonly failure: FailurePlan
}

/** Where it is written what people do to dead letters. A file is relative to the root. */
export type AuditPlan = { readonly topic: string } | { readonly file: Setting<string> }

/** Who is told when something becomes unwell, and when it is well again. */
export interface AlertingPlan {
  /** Its expressions see `alert`, as core/alert.ts has it. */
  readonly command: CommandStepPlan
  readonly everyMs: number
  /** It must have changed for so long. */
  readonly forMs: number
  readonly repeatMs: number
}

/** Who may ask the operations API. */
export interface OpsPlan {
  readonly token: SecretRef | undefined
}

export interface FleetPlan {
  readonly fleet: string
  readonly profile: Setting<string>
  readonly prefix: Setting<string>
  /** Absolute folder that holds pipelines/, schemas/ and workers/handlers/. Not part of the hash. */
  readonly root: string
  readonly provision: boolean
  readonly connectWithinMs: number
  readonly drainWithinMs: number
  readonly connections: Readonly<Record<string, ConnectionPlan>>
  readonly state: StatePlan | undefined
  readonly audit: AuditPlan | undefined
  readonly health: HealthPlan
  /** Undefined: nobody is told. */
  readonly alerting: AlertingPlan | undefined
  readonly ops: OpsPlan
  readonly topics: Readonly<Record<string, TopicPlan>>
  readonly exchanges: Readonly<Record<string, ExchangePlan>>
  readonly queues: Readonly<Record<string, QueuePlan>>
  readonly caches: Readonly<Record<string, CachePlan>>
  readonly stores: Readonly<Record<string, StorePlan>>
  readonly jobs: Readonly<Record<string, JobsPlan>>
  readonly breakers: Readonly<Record<string, BreakerPlan>>
  readonly pipelines: Readonly<Record<string, PipelinePlan>>
  readonly workers: Readonly<
    Record<string, { readonly pipelines: readonly string[]; readonly replicas: number }>
  >
  /** JSON Schemas by name, `events/ml-event` → parsed document. */
  readonly schemas: Readonly<Record<string, object>>
  /** Avro schemas by the names of the JSON Schemas that they stand beside, as they are written. */
  readonly avro: Readonly<Record<string, string>>
}
