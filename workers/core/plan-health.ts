// What counts as unwell, as it is written in the plan.

/** From where on something warns or fails; undefined: it never does. */
export interface Threshold {
  readonly warn: number
  readonly fail: number | undefined
}

/** When something counts as unwell. */
export interface HealthPlan {
  readonly withinMs: number
  readonly latencyMs: Threshold
  readonly memoryPercent: Threshold
  /** Messages or jobs that wait in one queue. */
  readonly depth: Threshold
  /** Messages that a group is behind on its topic. */
  readonly lag: Threshold
  /** Answers of a cache in percent of what it is asked: below, not from there on. */
  readonly hitPercent: Threshold
  /** Of the partitions of one pipeline within a quarter of an hour. */
  readonly rebalances: Threshold
}
