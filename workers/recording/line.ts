// What a recording holds: JSON Lines, one for each message that was settled, with the effects that it led to; nothing of it is a command.

/** The first line, and the first of each process that went on with the file. */
export interface Head {
  readonly recording: typeof RECORDING_VERSION
  /** shadow: nothing left the process. live: everything did. */
  readonly mode: Mode
  readonly fleet: string
  readonly pipelines: Readonly<Record<string, RecordedPipeline>>
  /** RFC 3339. */
  readonly at: string
}

export const RECORDING_VERSION = 1

export type Mode = 'shadow' | 'live'

export interface RecordedPipeline {
  /** What it reads, by its name in fleet.yaml. */
  readonly source: string
  /** Of a topic, as it is called on the broker. */
  readonly group?: string
  readonly order: 'key' | 'partition' | 'none'
}

/** What became of one message, written before its source hears of it. */
export interface Entry {
  readonly pipeline: string
  /** Where it stood: `ml_events/3/17`, `alerts/<message id>`. Null: nothing on its source tells it from others. */
  readonly message: string | null
  /** As the envelope says; null of what is no event. */
  readonly id: string | null
  readonly key: string | null
  /** As in `counts`; null of an effect that no message led to. */
  readonly outcome: string | null
  readonly attempts: number
  /** In the order in which they were confirmed. */
  readonly effects: readonly Effect[]
  /** When it was settled, RFC 3339. */
  readonly at: string
}

export type EffectKind =
  'event' | 'command' | 'job' | 'store' | 'request' | 'reply' | 'dead-letter' | 'parked'

/** The body is `value` if it is JSON (null: a tombstone), else `raw` if it is text, else `base64`: as in a feed. */
export interface Effect {
  readonly kind: EffectKind
  /** The name in fleet.yaml. */
  readonly to: string
  readonly step?: string
  readonly item?: string
  /** The same for every repeat of the same effect; who writes a recording by hand may leave it out. */
  readonly id?: string
  /** Of an event its key, of a command its routing key, of a stored value the key that it stands under. */
  readonly key?: string
  /** Of a stored value that has one. */
  readonly version?: number
  /** Without those of traces, and without what a dead letter says of its failure. */
  readonly headers?: Readonly<Record<string, string>>
  readonly job?: { readonly delayMs: number; readonly priority?: number }
  readonly failure?: Readonly<Record<string, string>>
  readonly value?: unknown
  readonly raw?: string
  readonly base64?: string
}
