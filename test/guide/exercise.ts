// One row of the guide that the platform implements, and what shows on real brokers that it does.
import type { Stage } from './stage.ts'

export interface Exercise {
  /** As the README's table has it. */
  readonly row: string
  /** Does it, and says in a few words what was seen; rejects when it does not hold. */
  does(stage: Stage): Promise<string>
}

/** Of conditions that hold at once. */
export function holds(condition: unknown, otherwise: string): asserts condition {
  if (condition === false || condition === undefined || condition === null || condition === 0)
    throw new Error(otherwise)
}
