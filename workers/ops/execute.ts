// Carries a plan out, one change at a time and in its order; stops at the first that fails, and what is done stays done.
import { SluiceError } from '../core/errors.ts'
import type { Change, Plan, PlannedChange } from './changes.ts'

export interface Outcome {
  readonly done: readonly PlannedChange[]
  readonly refused: readonly PlannedChange[]
  /** The change at which it stopped, and why. */
  readonly failed: { readonly change: PlannedChange; readonly error: unknown } | undefined
}

/** Each change is idempotent: after an interruption, a new plan has what is left. */
export async function execute(
  plan: Plan,
  carryOut: (change: PlannedChange) => Promise<void>,
  onDone: (change: Change) => void,
): Promise<Outcome> {
  const done: PlannedChange[] = []
  const refused = plan.changes.filter(({ risk }) => risk === 'refused')
  /** An object that differs in three fields is made again once. */
  const made = new Set<string>()
  for (const change of plan.changes) {
    if (change.risk === 'refused') continue
    const object = `${change.connection} ${change.kind} ${change.name}`
    try {
      if (change.symbol !== '!' || !made.has(object)) await carryOut(change)
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'SLU0398')
        return { done, refused, failed: { change, error } }
      // It was possible when the plan was made, and is not now.
      refused.push({ ...change, risk: 'refused', code: error.code, reason: error.message })
      continue
    }
    if (change.symbol === '!') made.add(object)
    done.push(change)
    onDone(change)
  }
  return { done, refused, failed: undefined }
}
