// What happens to work that fails, as part of the plan: attempts and waits, breakers, the guard, and where dead letters go.

/** Waits outside of the pipeline. */
export interface ParkPlan {
  /** Attempts in place before the first of them. */
  readonly after: number
  /** One after the other; the last one for all that follow. */
  readonly tiers: readonly TierPlan[]
}

export interface TierPlan {
  /** As it is written: `10m`. */
  readonly name: string
  readonly delayMs: number
}

export interface RetryPlan {
  /** Total tries, the first included. */
  readonly attempts: number
  readonly firstMs: number
  readonly maxMs: number
  readonly jitter: 'full' | 'none'
  /** Undefined: every wait is in place. */
  readonly park: ParkPlan | undefined
}

/** One breaker of the process, shared by all calls and connections that name it. */
export interface BreakerPlan {
  readonly name: string
  /** Latest calls that are looked at. */
  readonly window: number
  readonly minimum: number
  /** Percent. */
  readonly failureRate: number
  readonly openMs: number
  readonly probes: number
  readonly patienceMs: number
}

export interface GuardPlan {
  readonly of: number
  readonly tolerate: number
  readonly counts: readonly ('exhausted' | 'defect' | 'invalid')[]
}

export interface FailurePlan {
  readonly invalid: { readonly deadLetter: string }
  readonly transient: { readonly retry: RetryPlan; readonly deadLetter: string }
  readonly defect: { readonly deadLetter: string }
  readonly guard: GuardPlan | undefined
}
