// What is asked of the state store, and what it answers: work that is claimed, and small texts.

/** Work of which one delivery at a time may be done, and none once it is done. */
export interface Claim {
  /** Complete and prefixed by the caller; at most 1 KiB. */
  readonly key: string
  /** Which delivery it is, `ml_events/3/17`: one that comes again takes over at once what it held before. */
  readonly place: string
  /** Which message it is, as far as its broker lets it be known: the same for each of its deliveries. */
  readonly message: string
  /** How often that came before: takes over at once from a delivery of the same message that had come less often. 0: for the first time. */
  readonly again: number
  /** Of who works on it now: unique to one tenure of one process. */
  readonly token: string
  /** For so long it is nobody else's; claiming again with the same token starts it anew. */
  readonly leaseMs: number
  /** For so long the record stays, from the last claim on, and from when it is done. At least `leaseMs`. */
  readonly keepMs: number
}

export type Claimed =
  | { readonly kind: 'taken' }
  | { readonly kind: 'done' }
  /** Another delivery holds it, for `leftMs` at most. */
  | { readonly kind: 'held'; readonly leftMs: number }

/** A small text with a name in a folder; at most 64 KiB. */
export interface StateText {
  readonly folder: string
  readonly name: string
  readonly text: string
  /** `ttlMs` > 0. */
  readonly ttlMs: number
  /** Leaves another text that stands there as it is. */
  readonly ifAbsent?: true
}
