// The ports between runtime and drivers. Drivers implement them, the runtime uses them, nobody adds a fourth settlement.
import type { JobEnd, JobStatus } from './job-status.ts'
import type { Parked, PlacedMessage, RawMessage } from './message.ts'
import type { World } from './clock.ts'
import type { Claim, Claimed, StateText } from './contract-state.ts'
import type { LogView } from './log-view.ts'
import type { Logger } from './log.ts'
import type {
  ExchangePlan,
  JobsPlan,
  QueuePlan,
  SchedulePlan,
  StorePlan,
  TopicPlan,
} from './plan.ts'
import type { WindowAnswer, WindowEntry } from './windows.ts'

export type * from './windows.ts'

export type * from './contract-state.ts'
export type { JobEnd, JobStatus } from './job-status.ts'

/** What a driver is given when it is made. */
export interface DriverContext {
  readonly world: World
  readonly log: Logger
  /** Names the connection in errors: host, port and the line of fleet.yaml that asked for it. */
  readonly origin: string
  /** Client id shown to brokers. */
  readonly clientId: string
}

/** A topic with its name on the broker: the fleet's prefix and the name in fleet.yaml. */
export interface Topic extends TopicPlan {
  readonly address: string
}
/** Its bindings name exchanges, and its waits a queue, by their address. */
export interface Queue extends QueuePlan {
  readonly address: string
}
export interface Exchange extends ExchangePlan {
  readonly address: string
}

export interface Jobs extends JobsPlan {
  readonly address: string
}
/** Its address comes before each key. */
export interface Store extends StorePlan {
  readonly address: string
}

/** A live connection to one broker, shared by all pipelines of a process. */
export interface Driver {
  /**
   * Opens what is needed and resolves once the broker answered. Idempotent.
   * Rejects with an outage error (`errors.ts`) while the broker is away: the caller decides whether to ask again.
   * From the first call on the driver also tries by itself until `close`: what is optional at start comes up later.
   */
  connect(): Promise<void>
  /** False from the moment the connection is known to be lost until it is restored. */
  isUp(): boolean
  /** Resolves when the connection is up (at once if it is), or when `signal` aborts. The driver reconnects by itself. */
  whenUp(signal?: AbortSignal): Promise<void>
  /** One round trip to the broker; rejects with the reason it is not healthy. Never hangs: bounded by the driver. */
  ping(): Promise<void>
  /** Idempotent. Confirms or rejects what is under way, then disconnects. Never hangs. */
  close(): Promise<void>
}

// ---------------------------------------------------------------- sources

/**
 * What a process holds of a source for one tenure: a partition of a log, or a queue on one channel. A later grant of
 * the same is a new lane.
 */
export interface Lane {
  /** `ml_events/3`, `alerts`: by the name in fleet.yaml. */
  readonly id: string
  /** 0 of what has no partitions. */
  readonly partition: number
  /**
   * True while this process may start effects for the lane: the lane is ours and the coordinator
   * was heard within one session timeout of the monotonic clock.
   */
  live(): boolean
}

export interface LaneGrant {
  readonly lane: Lane
  /** The committed offset (next to read) or null when the group has none: then `start` decides. Null of a queue. */
  readonly committed: number | null
  /** The commit's metadata, as written by `LogSource.commit`; empty when there is none. */
  readonly note: string
}

/** The runtime's side of a source. All calls are synchronous unless they say otherwise. */
export interface Intake {
  /** Lanes were granted; `offer` for them may follow. */
  granted(grants: readonly LaneGrant[]): void
  /**
   * Hands over messages[from…] in the order of their places; returns how many were taken (0 when there is enough of the lane, or it is gone).
   * What was not taken must be offered again, in order, after `room(lane)`.
   */
  offer(lane: Lane, messages: readonly PlacedMessage[], from: number): number
  /** Resolves when something of the lane may be taken again, or the lane is gone. */
  room(lane: Lane): Promise<void>
  /**
   * The lanes will be given up. Resolves when work in flight has been settled, or the drain deadline passed.
   * The driver keeps heartbeating meanwhile and takes settlements until it resolves.
   */
  revoke(lanes: readonly Lane[]): Promise<void>
  /** The lanes are already gone (session expired, connection crashed): nothing can be settled any more. */
  lost(lanes: readonly Lane[]): void
}

/** Feeds an intake. */
export interface Source {
  /** Feeds the intake until `stop`. Resolves once the source is running (maybe not yet granted). */
  start(intake: Intake): Promise<void>
  /** Revokes (and so drains) every lane, gives up its membership, resolves. Idempotent. */
  stop(): Promise<void>
  /**
   * Messages between what was fetched and the end of what is held now. Undefined until the first grant.
   * Zero means: everything there was has been offered.
   */
  backlog(): Promise<number | undefined>
  /** Per lane: when this source last made progress or stood at its end, by the monotonic clock. For readiness. */
  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }>
}

// ---------------------------------------------------------------- logs (Kafka topics)

export interface LogCommit {
  readonly lane: Lane
  /** The next offset to read: everything below is finished. */
  readonly next: number
  /** Finished offsets above `next`, encoded; at most 4,000 bytes of ASCII. */
  readonly note: string
}

/** A consumer group's member reading one topic. */
export interface LogSource extends Source {
  /** Durable once resolved. Rejects when a lane is no longer ours (`SLU5204`) or the broker is away. */
  commit(commits: readonly LogCommit[]): Promise<void>
}

export interface LogSourceOptions {
  readonly topic: Topic
  readonly group: string
  readonly start: 'earliest' | 'latest'
}

/** When a job may be taken. */
export interface JobTerms {
  /** Not before that many milliseconds have passed; 0: at once. */
  readonly delayMs: number
  /** 1 goes first, after the jobs that have none. */
  readonly priority: number | undefined
}

/** A message to send. `id` is the effect's identity: the same for every repeat of the same effect. */
export interface OutMessage extends RawMessage {
  readonly id: string
  readonly contentType: string
  /** The value is what is to stand on the broker, byte for byte, whatever values of its topic are written in. */
  readonly verbatim?: true
  /** What the value says, as JSON, where that is not what stands there. Of no driver's concern. */
  readonly plain?: Uint8Array
  /** Where an exchange sends it; empty when absent. Nothing else looks at it. */
  readonly routingKey?: string
  /** Of a job. Nothing else looks at it. */
  readonly job?: JobTerms
  /** Of a value for a store. Nothing else looks at it. */
  readonly version?: number
  /**
   * CloudEvents attributes of an event or command of ours, which each driver writes in its own way (Kafka: `ce_` headers; AMQP:
   * properties, which cost a third of what headers do). Absent on what is nobody's event: dead letters, feeds.
   */
  readonly type?: string
  readonly source?: string
  /** Whom to answer; of queues only. */
  readonly replyTo?: ReplyTo
}

/** Where messages go: a topic of a log driver, a queue or an exchange of a queue driver, the jobs of a job driver. */
export interface Sink {
  /**
   * Resolves only after the broker confirmed the message durable and routed. Rejects with a `SluiceError`;
   * after an unknown outcome (timeout, lost connection) the message may or may not have arrived. Never hangs.
   */
  send(message: OutMessage): Promise<void>
}

export interface LogDriver extends Driver {
  source(options: LogSourceOptions): LogSource
  sink(topic: Topic): Sink
  view(topic: Topic): LogView
  /** Creates missing topics; changes nothing that exists. Returns the names created. */
  ensureTopics(topics: readonly Topic[]): Promise<string[]>
}

// ---------------------------------------------------------------- queues (RabbitMQ)

export interface QueueSourceOptions {
  readonly queue: Queue
  /** Messages that the broker hands over before it waits for settlements. */
  readonly prefetch: number
  /** Queues whose messages come to this one after a while: what waits there is a part of its backlog. */
  readonly feeders?: readonly Queue[]
}

/** A consumer of one queue; its one lane hands over `QueueMessage`s. What is not acknowledged comes again when the lane ends. */
export interface QueueSource extends Source {
  /** The broker may forget the message. Of a lane that is gone it does nothing: the message comes again. */
  ack(lane: Lane, tag: number, end?: JobEnd): void
}

/** Whom to answer, as the question says. */
export interface ReplyTo {
  readonly queue: string
  readonly correlationId: string | undefined
}

/** Questions and answers over queues: one exclusive queue a process takes the answers. */
export interface Requests {
  /**
   * Resolves with the first answer; later ones are let go. Rejects with SLU5310 when there is none within `withinMs`
   * (a question that nobody has taken by then expires), with an outage when the connection is lost meanwhile, with the
   * reason of `signal` when that aborts. Never hangs.
   */
  ask(queue: Queue, message: OutMessage, withinMs: number, signal: AbortSignal): Promise<RawMessage>
  /** Questions that wait for an answer. */
  readonly pending: number
  /** False: confirmed, and nobody is there any more to take it. Else as `Sink.send`. */
  answer(to: ReplyTo, message: OutMessage): Promise<boolean>
}

export interface QueueDriver extends Driver {
  readonly requests: Requests
  /** On a connection of its own, so that a broker that holds publishers back still takes settlements. */
  source(options: QueueSourceOptions): QueueSource
  sink(queue: Queue): Sink
  /** Of a stream; anything else is refused, since looking at it would count. */
  view(stream: Queue): LogView
  /** A message that goes to no queue at all is rejected as unroutable. */
  exchange(exchange: Exchange): Sink
  /** Creates missing exchanges; changes nothing that exists. Returns the names created. */
  ensureExchanges(exchanges: readonly Exchange[]): Promise<string[]>
  /** Creates missing queues and bindings, to exchanges that are there; changes nothing that exists (a queue that exists with other arguments is left alone and named in the log). */
  ensureQueues(queues: readonly Queue[]): Promise<string[]>
}

// ---------------------------------------------------------------- jobs (BullMQ)

export interface JobSourceOptions {
  readonly jobs: Jobs
  /**
   * Adds jobs by itself, one at a time, once for all who name the same: each has an id that ends with a colon and its time in
   * milliseconds. What was missed while nobody was there is done once, late. Another schedule takes the place of the one before.
   */
  readonly schedule?: SchedulePlan | undefined
  /** Jobs that are taken before others are waited for. */
  readonly prefetch: number
  /** No job is taken while those that are hold as many bytes; undefined: as many as they hold. */
  readonly bytes?: number
  /** Jobs are parked here: those that wait are a part of the backlog. */
  readonly parks?: boolean
}

/**
 * A worker of one queue of jobs; its one lane hands over `QueueMessage`s, whose ids are those of the jobs. To acknowledge one is to
 * complete the job, with its end as the result. What is not goes back to the others when the lane ends in good order, else when its
 * lock has expired; with what was noted of it last.
 */
export interface JobSource extends QueueSource {
  /** Takes the dead letter of a job at work, by its `message-id`: the job has failed then, for good, and keeps the letter. */
  readonly letters: Sink
  /** Gives a job at work up until later: once this resolved it waits, and is handed to whoever is there when it is due. */
  park(id: string, noted: Parked, delayMs: number): Promise<void>
  /** How far the work on the job of this id has come, for whoever has it next. Nothing waits for it, and it may be lost. */
  note(id: string, noted: Parked): void
  /** How far the job of this id is, in percent, for whoever looks at it. Nothing depends on it. */
  report(id: string, percent: number): void
}

export interface JobDriver extends Driver {
  source(options: JobSourceOptions): JobSource
  /** Undefined: there is none of this id, or it is forgotten. */
  status(jobs: Jobs, id: string): Promise<JobStatus | undefined>
  /**
   * The value is JSON. A message whose id is that of a job there (waiting, at work, or ended and not yet forgotten) is no
   * second one: it changes nothing, and is confirmed.
   */
  sink(jobs: Jobs): Sink
  /** Jobs that failed for good, each as its dead letter: the headers of the letter over the data of the job. The oldest is 0, until it is forgotten. */
  failed(jobs: Jobs): LogView
}

// ---------------------------------------------------------------- stores (a Redis that evicts nothing)

/** What is written, under which key, by which effect: `id` is the same for every repeat of it. */
export interface StoreEntry {
  readonly id: string
  readonly key: string
  /** JSON; of a hash an object. */
  readonly value: Uint8Array
  /** For so long a repeat of the effect changes nothing; 0: it writes again. */
  readonly guardMs: number
  /** A whole number. Without one it takes the place of any, and any takes its place. */
  readonly version?: number
}

/** repeated: it was there by the same effect already. outdated: a newer version stands there. Neither changed anything. */
export type Put = 'written' | 'repeated' | 'outdated'

/** JSON: of a string-store one text, of a hash a text for each field. */
export type StoredValue = string | ReadonlyMap<string, string>

export interface StoreDriver extends Driver {
  /**
   * Resolves once the server has it, or needs it no more. Writing and remembering the effect are one; what had an unknown
   * outcome may be put again. Replaces whatever stood there.
   */
  put(store: Store, entry: StoreEntry): Promise<Put>
  /** Undefined when there is none. `fields`, of a hash, are all that is read. Of a sliding store its time begins anew. */
  get(store: Store, key: string, fields?: readonly string[]): Promise<StoredValue | undefined>
  /** Starts the time of a value anew, and reads nothing. False: there is none. */
  touch(store: Store, key: string): Promise<boolean>
  /** The value and its version are gone. False: there was none. */
  destroy(store: Store, key: string): Promise<boolean>
}

// ---------------------------------------------------------------- caches (Redis)

/**
 * Keys are complete and prefixed by the caller; values are text. Every call is bounded by the driver's own timeout.
 * Writing replaces whatever stood there; reading as the other kind is refused (SLU5403).
 */
export interface CacheDriver extends Driver {
  get(key: string): Promise<string | undefined>
  /** `ttlMs` > 0. */
  set(key: string, value: string, ttlMs: number): Promise<void>
  getHash(key: string): Promise<ReadonlyMap<string, string> | undefined>
  /** All fields at once: nobody sees a part of them. At least one field; `ttlMs` > 0. */
  setHash(key: string, fields: ReadonlyMap<string, string>, ttlMs: number): Promise<void>
  delete(key: string): Promise<void>
  /** True: the key was free, and holds the token until `release`, for `ttlMs` at most. */
  lease(key: string, token: string, ttlMs: number): Promise<boolean>
  /** Of whoever holds the key by another token nothing is taken. */
  release(key: string, token: string): Promise<void>
  /** What stands there; `proposal`, from now on, if nothing did. It stays for `ttlMs` at least. */
  agree(key: string, proposal: string, ttlMs: number): Promise<string>
}

// ---------------------------------------------------------------- state (a Redis that evicts nothing)

/**
 * The one home of what outlives a process. Nothing of it is evicted, and what was confirmed survives the server's restart.
 * Every call is bounded, and may be repeated when its outcome is unknown: it then does, and answers, the same.
 * Folders are complete and prefixed by the caller.
 */
export interface StateDriver extends Driver {
  claim(claim: Claim): Promise<Claimed>
  /**
   * done: whoever claims it later is told so, whoever held it. If this place and token hold it still: open, it may be claimed
   * again; held, its lease starts anew.
   */
  settle(claim: Claim, as: 'done' | 'open' | 'held'): Promise<void>
  /** False: `ifAbsent`, and another text stands there. */
  write(text: StateText): Promise<boolean>
  read(folder: string, name: string): Promise<string | undefined>
  /** All texts of the folder by their names, in no order. */
  list(folder: string): Promise<ReadonlyMap<string, string>>
  remove(folder: string, name: string): Promise<void>
  /**
   * Counts an effect once. The time of a place is the highest that was reached there, and never ahead of the server's clock. A window is
   * closed when the time of each place has passed its end by `lateMs`; a place of which nothing came for `idleMs` is not waited for.
   * Up to 100 windows are closed at once, and given to one effect alone. What nobody adds to is forgotten after 30 days.
   */
  addToWindow(entry: WindowEntry): Promise<WindowAnswer>
  /** What was closed for the effect went where it had to go. */
  forgetClosed(scope: string, id: string): Promise<void>
}
