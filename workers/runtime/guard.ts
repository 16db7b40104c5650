// Counts failures among the latest outcomes and says when a pipeline must stop instead of draining its source into dead letters.
import type { FailureClass } from '../core/codes.ts'
import type { GuardPlan } from '../core/plan-policies.ts'

export class Guard {
  private readonly ring: Uint8Array
  private readonly plan: GuardPlan
  private at = 0
  private failures = 0
  /** Admitted, and not yet dead-lettered. */
  private underWay = 0
  tripped = false

  constructor(plan: GuardPlan) {
    this.ring = new Uint8Array(plan.of)
    this.plan = plan
  }

  /** Whether a message that failed like this is one of those it looks at; transient: its attempts are used up. */
  counts(failure: FailureClass): boolean {
    return this.plan.counts.includes(failure === 'transient' ? 'exhausted' : failure)
  }

  /** A message was acked. */
  succeeded(): void {
    this.push(0)
  }

  /**
   * A message that it counts is about to be dead-lettered. False: it must not be, the guard has tripped
   * and stays so; the message remains unsettled. True: say `failed` once its letter is confirmed, or `handedBack`.
   */
  admits(): boolean {
    if (this.tripped) return false
    const leaving = this.ring[this.at] as number
    if (this.failures + this.underWay - leaving + 1 > this.plan.tolerate) {
      this.tripped = true
      return false
    }
    this.underWay++
    return true
  }

  /** The letter of an admitted message was confirmed. */
  failed(): void {
    this.underWay--
    this.push(1)
  }

  /** An admitted message was not dead-lettered after all; whoever gets it next decides anew. */
  handedBack(): void {
    this.underWay--
  }

  private push(outcome: 0 | 1): void {
    this.failures += outcome - (this.ring[this.at] as number)
    this.ring[this.at] = outcome
    this.at = (this.at + 1) % this.ring.length
  }
}
