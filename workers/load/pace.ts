// When each message of a load is due: first at a growing rate, then at a steady one, whatever becomes of those before it.

export interface PacePlan {
  /** Messages a second, once it is steady. */
  readonly rate: number
  /** How long the rate grows from nothing. */
  readonly rampMs: number
  /** How long it is steady. */
  readonly steadyMs: number
}

export class Pace {
  /** Messages in all, and how many of them belong to the ramp. */
  readonly count: number
  readonly ramped: number
  private readonly perMs: number
  private readonly plan: PacePlan

  constructor(plan: PacePlan) {
    this.plan = plan
    this.perMs = plan.rate / 1_000
    this.ramped = Math.floor((this.perMs * plan.rampMs) / 2)
    this.count = this.ramped + Math.floor(this.perMs * plan.steadyMs)
  }

  /** Milliseconds from the start; message 0 is the first. */
  due(message: number): number {
    const { rampMs } = this.plan
    if (message >= this.ramped) return rampMs + (message - this.ramped) / this.perMs
    return Math.sqrt((2 * rampMs * message) / this.perMs)
  }
}
