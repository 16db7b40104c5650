// What is said about one invariant: how often it was looked at, and where it does not hold.

/** The invariants of the runtime, by name. */
export const INVARIANTS = [
  'settled',
  'conservation',
  'order',
  'bounded',
  'failure',
  'fenced',
  'shutdown',
  'progress',
  'duplicates',
  'trace',
  'hostile',
] as const
export type Invariant = (typeof INVARIANTS)[number]

export interface Violation {
  readonly invariant: Invariant
  readonly what: string
  /** Place in the list of happenings; undefined for what shows only at the end. */
  readonly at: number | undefined
}

export interface Verdict {
  readonly checked: number
  readonly violations: readonly Violation[]
}

/** Collects one verdict. */
export class Finding {
  private readonly invariant: Invariant
  private checked = 0
  private readonly violations: Violation[] = []

  constructor(invariant: Invariant) {
    this.invariant = invariant
  }

  /** `holds` was looked at; `what` is asked for only where it does not hold. */
  check(holds: boolean, what: () => string, at?: number): void {
    this.checked++
    if (!holds) this.violations.push({ invariant: this.invariant, what: what(), at })
  }

  verdict(): Verdict {
    return { checked: this.checked, violations: this.violations }
  }
}
