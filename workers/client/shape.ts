// What other services see of a fleet: who it sends for them, what they read and remember; typed by workers/generated/fleet.ts.
import type { Envelope } from '../core/message.ts'
import type { TraceContext } from '../core/telemetry.ts'

/** The types of what travels, by the names in fleet.yaml. `npx sluice types` writes one for each fleet. */
export interface FleetShape {
  /** What a topic carries. */
  readonly topics: object
  /** What a queue that nobody answers, or an exchange, takes. */
  readonly commands: object
  /** `{ question, answer }` of a queue that answers. */
  readonly requests: object
  readonly jobs: object
  /** The values of a store. */
  readonly stores: object
  /** The values of a cache. */
  readonly caches: object
}

/** Confirmed: its broker has it, durably. */
export interface Sent {
  /** Consumers tell repeats by it. */
  readonly id: string
}

export interface SendTerms {
  /** The same for a repeat of the same thing. Left out: what the topic's `envelope` finds in the data, else a new one. */
  readonly id?: string
  /** The trace that it belongs to, as W3C headers have it; a new one unless said. */
  readonly trace?: TraceContext
}

/** With the trace that it came in, for whatever is sent because of it. */
export interface ReadEvent<Data> extends Envelope<Data> {
  readonly trace: TraceContext
}

export interface CommandClient<Body> {
  /**
   * Resolves once the broker has it on a queue. Rejects with SLU5105 for a body that does not fit its schema, with an outage
   * while the broker is away: whether it arrived may be unknown then, so send it again with the same `id`.
   */
  send(body: Body, terms?: SendTerms & { readonly routingKey?: string }): Promise<Sent>
}

export interface ReadTerms {
  /** The consumer group, behind the fleet's prefix: each of its members gets a part of the partitions. */
  readonly group: string
  /** For a group that has read nothing yet; `earliest` unless said. */
  readonly start?: 'earliest' | 'latest'
  /** Ends the iteration after the event at hand. */
  readonly signal?: AbortSignal
  /** Takes what is no valid event; it is passed over then. Left out: the iteration throws it, and comes back to it. */
  readonly onInvalid?: (error: Error) => void | Promise<void>
}

export interface TopicClient<Data> {
  /** As `CommandClient.send`. Events of one key keep their order. */
  publish(data: Data, terms?: SendTerms & { readonly key?: string }): Promise<Sent>
  /**
   * One event after another, each at least once: it counts as done when the next is asked for. What is left by `break`, an
   * error or a crash comes again, with at most a few of those before it.
   */
  events(terms: ReadTerms): AsyncIterable<ReadEvent<Data>>
}

export interface RequestTerms extends SendTerms {
  /** How long the answer may take, milliseconds; 30 s unless said. */
  readonly withinMs?: number
  readonly signal?: AbortSignal
}

export interface RequestClient<Question, Answer> {
  /** Rejects with SLU5310 when there is no answer in time, with the refusal of whoever answers, with SLU5313 for an answer that does not fit. Never hangs. */
  ask(question: Question, terms?: RequestTerms): Promise<Answer>
}

export interface JobTerms extends SendTerms {
  readonly delayMs?: number
  /** 1 goes first, after the jobs that have none. */
  readonly priority?: number
}

interface JobState {
  readonly id: string
  /** In percent, as its handler said last. */
  readonly progress: number | undefined
  /** The one that it is at, that it is parked for, or that was its last; 0: nobody has had it yet. */
  readonly attempt: number
}

/** `delayed`: not to be taken yet, because it was added so or waits for its next attempt. */
export interface OpenJob extends JobState {
  readonly state: 'waiting' | 'delayed' | 'active'
}

export interface CompletedJob extends JobState {
  readonly state: 'completed'
  /** `acked`, or `filtered` by the pipeline's `when`, or a word of another worker's; what it made is where its steps sent it. */
  readonly outcome: string
}

export interface FailedJob extends JobState {
  readonly state: 'failed'
  readonly failure: {
    /** Of the table of codes; undefined: another worker let it fail. */
    readonly code: string | undefined
    readonly reason: string
    /** The step that failed. */
    readonly step: string | undefined
  }
}

export type EndedJob = CompletedJob | FailedJob

export interface WaitTerms {
  /** How long its end may take, milliseconds; for as long as it takes unless said. */
  readonly withinMs?: number
  /** So long a job may be unknown at first, as one is that a pipeline adds; 0 unless said. */
  readonly knownWithinMs?: number
  readonly signal?: AbortSignal
}

export interface JobsClient<Body> {
  /** A job whose id is there already (waiting, at work, or ended and remembered) is no second one. */
  add(body: Body, terms?: JobTerms): Promise<Sent>
  /** How it stands now. Undefined: there is none of this id, or it is forgotten; `retention` in fleet.yaml says when. */
  get(id: string): Promise<OpenJob | EndedJob | undefined>
  /**
   * Resolves with its end, also of one that fails. Rejects with SLU5803 when that does not come in time, with SLU5802 for a job
   * that nobody knows, with the reason of `signal`. A Redis that is away meanwhile is waited for.
   */
  wait(id: string, terms?: WaitTerms): Promise<EndedJob>
  /** Its progress whenever that has changed, in percent, until it has ended. Rejects as `wait` does. */
  progress(id: string, terms?: WaitTerms): AsyncIterable<number>
}

export interface TagTerms {
  /** What the entry is about, at most 16: whoever forgets one of them ends it. */
  readonly tags?: readonly (string | number)[]
}

export interface LoadTerms extends TagTerms {
  /** How long other processes wait for `load` before they load for themselves; 20 s unless said. It is not cut off. */
  readonly withinMs?: number
  /** Ends the wait for another process, not a load. */
  readonly signal?: AbortSignal
}

export interface CacheClient<Value> {
  /** Undefined when there is none, or the cache is away and may be bypassed. `key` is plain data, as in the pipeline's cache step. */
  get(key: unknown): Promise<Value | undefined>
  /** Kept for the cache's ttl unless said. */
  set(key: unknown, value: Value, terms?: TagTerms & { readonly ttlMs?: number }): Promise<void>
  /**
   * Cache-aside: what is there, else what `load` gives, which is remembered. One `load` a key at a time in this process, or in
   * the whole fleet where the cache says `flight: fleet`.
   */
  getOrLoad(key: unknown, load: () => Value | Promise<Value>, terms?: LoadTerms): Promise<Value>
  /** Ends every entry with that tag, whoever wrote it, as a `forget` step does. Rejects while the cache is away: what it holds would come back. */
  forget(tag: string | number): Promise<void>
}

type Key = string | number

/** The fields of a value that were asked for; one that may be missing may be missing. */
export type Part<Value, Field extends keyof Value> = Pick<Value, Field>

export interface PutTerms {
  /** A whole number: where a larger one stands nothing is written. Left out: this value stays, whatever its version. */
  readonly version?: number
  readonly trace?: TraceContext
}

/** Every call rejects with an outage while the store is away. */
export interface StoreClient<Value> {
  /**
   * Undefined when there is none. With `fields` those alone are read, and not checked against the rest of the schema; of a store
   * `as: hash` no others leave the server. Of a sliding store the time of the value begins anew.
   */
  get(key: Key): Promise<Value | undefined>
  get<Field extends keyof Value & string>(
    key: Key,
    fields: readonly Field[],
  ): Promise<Part<Value, Field> | undefined>
  /** One answer for each key, in their order, as `get` gives it; all are asked for at once. */
  getMany(keys: readonly Key[]): Promise<(Value | undefined)[]>
  getMany<Field extends keyof Value & string>(
    keys: readonly Key[],
    fields: readonly Field[],
  ): Promise<(Part<Value, Field> | undefined)[]>
  /** Takes the place of the whole value, and starts its time. False: a newer version stands there, and nothing was changed. */
  put(key: Key, value: Value, terms?: PutTerms): Promise<boolean>
  /** Starts the time of the value anew. False: there is none. */
  touch(key: Key): Promise<boolean>
  /** Ends the value, and what is known of its version. False: there was none. */
  destroy(key: Key): Promise<boolean>
}

type Names<Table> = keyof Table & string

/** Connects to what is used, when it is used. */
export interface FleetClient<Fleet extends FleetShape> {
  command<Name extends Names<Fleet['commands']>>(name: Name): CommandClient<Fleet['commands'][Name]>
  topic<Name extends Names<Fleet['topics']>>(name: Name): TopicClient<Fleet['topics'][Name]>
  request<Name extends Names<Fleet['requests']>>(
    name: Name,
  ): Fleet['requests'][Name] extends {
    readonly question: infer Question
    readonly answer: infer Answer
  }
    ? RequestClient<Question, Answer>
    : never
  jobs<Name extends Names<Fleet['jobs']>>(name: Name): JobsClient<Fleet['jobs'][Name]>
  store<Name extends Names<Fleet['stores']>>(name: Name): StoreClient<Fleet['stores'][Name]>
  cache<Name extends Names<Fleet['caches']>>(name: Name): CacheClient<Fleet['caches'][Name]>
  /** Confirms what is under way, ends iterations, disconnects. Idempotent. */
  close(): Promise<void>
}
