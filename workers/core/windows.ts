// Windows as the state store keeps them: what is added to one, and what comes out of it.

/** What one message adds to the windows of a step. Numbers are milliseconds. */
export interface WindowEntry {
  /** All windows of one step; complete and prefixed by the caller. */
  readonly scope: string
  /** Of the effect: the same for every repeat of it. */
  readonly id: string
  /** Which delivery adds it. It decides nothing. */
  readonly delivery: string
  /** What has a time of its own: a partition. */
  readonly place: string
  /** Which messages are counted together. */
  readonly group: string
  /** When it happened, a whole number. */
  readonly at: number
  /** Up to when everything of its place has come, this included; undefined: nobody knows, since something before it is missing. */
  readonly reached: number | undefined
  readonly everyMs: number
  readonly lateMs: number
  readonly idleMs: number
  /** Windows that may be open. */
  readonly limit: number
  /** One of each measure; undefined: the message has none. */
  readonly numbers: readonly (number | undefined)[]
}

export interface Measured {
  readonly count: number
  readonly sum: number
  /** 0 when nothing was measured, both. */
  readonly min: number
  readonly max: number
}

/** What was counted of one group from `start` on. */
export interface ClosedWindow {
  /** Of the first effect in it: no other window has it. */
  readonly first: string
  readonly start: number
  readonly group: string
  readonly count: number
  readonly measured: readonly Measured[]
}

/**
 * counted: it is in its window. repeated: it was before. late: its window is over as far as its place knows. full: too many windows are
 * open, and none of them is over; ahead: it would have happened more than a day from now. Only what is counted is in a window.
 */
export interface WindowAnswer {
  readonly kind: 'counted' | 'repeated' | 'late' | 'full' | 'ahead'
  /** What it closes, the oldest first; a repeat gets what it got before, until that was forgotten. */
  readonly closed: readonly ClosedWindow[]
}

/** For the drivers. */
export const WINDOWS = {
  /** What one effect closes at most: whoever is given it has to send each. */
  mostClosed: 100,
  /** What happens that far from now did not happen. */
  aheadMs: 86_400_000,
  /** What nobody adds to, and what was closed for an effect and never went anywhere. */
  keepMs: 30 * 86_400_000,
} as const

/** Windows begin at whole multiples since 1970. */
export const startOf = ({ at, everyMs }: Pick<WindowEntry, 'at' | 'everyMs'>): number =>
  Math.floor(at / everyMs) * everyMs
