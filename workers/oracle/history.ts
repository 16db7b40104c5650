// What an observer outside the workers saw, in order of time: nothing in here is taken from what a worker says of itself, but its counts.
import type { PipelineCounts } from '../core/telemetry.ts'

/** A message that the source's broker took. Its number is its place in the list of arrivals. */
export interface Arrival {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
}

/** Half-open: [from, to). */
export type Range = readonly [from: number, to: number]

/** A worker process; a restarted one is another. */
interface Of {
  readonly process: string
}
/** `message`: the number of the arrival that led to it; undefined when its trace does not say. */
interface Caused {
  readonly message: number | undefined
}

export type Happening = Of &
  (
    | { readonly kind: 'granted'; readonly partitions: readonly number[] }
    /** Given up in good order, or taken away. */
    | { readonly kind: 'gone'; readonly partitions: readonly number[]; readonly drained: boolean }
    /** A send left the worker. */
    | ({ readonly kind: 'began' } & Effect & Caused)
    /** The broker has it, whether the worker learnt so or not. */
    /** guarded: by promise it happens once, whatever fails. */
    | ({ readonly kind: 'effect'; readonly body: string; readonly guarded?: true } & Effect &
        Caused)
    | ({ readonly kind: 'letter'; readonly code: string } & Caused)
    /** A message came to a window step, and was given the windows that it closes. */
    | ({
        readonly kind: 'window'
        /** Of the step, and the id of the message's effect. */
        readonly step: string
        readonly id: string
        readonly place: string
        readonly result: 'counted' | 'late' | 'repeated'
        /** The one that it belongs to. */
        readonly name: string
        readonly numbers: readonly (number | undefined)[]
        readonly closed: readonly Row[]
      } & Caused)
    /** As an effect, of a step that says what a closed window holds: what it says depends on all messages in it. */
    | ({ readonly kind: 'rolled'; readonly body: string } & Effect & Caused)
    /** A copy that waits for another attempt is on its broker. */
    | ({ readonly kind: 'parked' } & Caused)
    /** A copy was handed to a process; its lane has a number that no partition of the source has. */
    | ({ readonly kind: 'returned'; readonly partition: number; readonly offset: number } & Caused)
    /** The state store lets the process work on the message; `claim` as below. */
    | ({ readonly kind: 'claimed'; readonly claim?: string } & Caused)
    /** The state store holds that the message is done; `claim`: the key of a dedupe step, and not its identity. */
    | ({ readonly kind: 'marked'; readonly claim?: string } & Caused)
    | {
        readonly kind: 'committed'
        readonly partition: number
        /** The next offset to read. */
        readonly next: number
        /** Finished above it. */
        readonly finished: readonly Range[]
      }
    | { readonly kind: 'counted'; readonly counts: Readonly<PipelineCounts> }
    /** Told to stop; it drains. */
    | { readonly kind: 'stopping' }
    /** It stopped by itself, after `tookMs`. */
    | { readonly kind: 'stopped'; readonly tookMs: number }
    /** Nothing of it runs on. */
    | { readonly kind: 'killed' }
    /** The broker did it, and the worker was told that it may not have. */
    | { readonly kind: 'doubted' }
  )

/** A closed window. */
export interface Row {
  readonly name: string
  /** Unique to it. */
  readonly first: string
  readonly count: number
  readonly sums: readonly number[]
}

/** What a step did for a message, for one item of a split where it stands in one. */
export interface Effect {
  readonly step: string
  readonly item?: string | undefined
}

/** `alert`, or `alert[3]` for an item. */
export const effectText = ({ step, item }: Effect): string =>
  item === undefined ? step : `${step}[${item}]`

/** What must become of a message, whatever happens around it. */
export interface Outcome {
  /** In the order of the steps and items; none for a message that is filtered. */
  readonly effects: readonly (Effect & { readonly body: string })[]
  /** Code of the dead letter it ends in; undefined: it must not end in one. */
  readonly letter: string | undefined
}

/** What the pipeline promises. */
export interface Promised {
  readonly order: 'key' | 'partition' | 'none'
  readonly concurrency: number
  readonly window: number
  readonly drainWithinMs: number
  /** A partition is one process's at a time, as of a topic. A queue has as many consumers as want it. */
  readonly exclusive: boolean
  /** A message that comes again has no further effect. */
  readonly once: boolean
  /** Steps that come after a dedupe step, by its id: one message of each of its keys gets there. */
  readonly behind: ReadonlyMap<string, ReadonlySet<string>>
  /** Steps that have an effect for each window that a step closes, by its id. */
  readonly rolls?: ReadonlyMap<string, ReadonlySet<string>>
}

export interface History {
  readonly arrivals: readonly Arrival[]
  /** By the number of the arrival. */
  readonly outcomes: readonly Outcome[]
  readonly happenings: readonly Happening[]
  /** Messages that are one with an earlier one by their identity, where that matters: the number of the first, by theirs. */
  readonly repeats: ReadonlyMap<number, number>
  /** Messages that claimed one key of a dedupe step, by `<step>:<key>`: one of them may stand for all. */
  readonly claims: ReadonlyMap<string, ReadonlySet<number>>
  /** Numbers of messages that came after the last fault: they must get through. */
  readonly fresh: readonly number[]
  /** Numbers of messages that are no good by what they are. */
  readonly hostile: readonly number[]
  /** Next offset after the last message, by partition. */
  readonly ends: ReadonlyMap<number, number>
  /** False: after the faults the pipeline did not come to rest in time. */
  readonly rested: boolean
}
