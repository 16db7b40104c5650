// What a typed module needs to know of a step beside its expressions.
import type { StepPlan } from '../../core/plan.ts'
import type { SendStepPlan } from '../../core/plan-walk.ts'
import type { Path } from '../yaml-file.ts'

/** Later expressions may name it. */
export const hasValue = ({ kind }: StepPlan) => WITH_VALUE.has(kind)

const WITH_VALUE: ReadonlySet<StepPlan['kind']> = new Set([
  'call',
  'cache',
  'request',
  'map',
  'window',
])

/** What is computed beside the body, and what for. */
export function keyOf(step: SendStepPlan) {
  if (step.kind === 'job') return [step.identity, 'jobId'] as const
  if (step.kind === 'store') return [step.key, 'storeKey'] as const
  return [step.key, step.kind === 'event' ? 'eventKey' : 'routingKey'] as const
}

/** Where in a step that calls a handler its name is written. */
export const pathOfHandler = ({ kind }: StepPlan): Path =>
  kind === 'cache' ? ['cache', 'load', 'call'] : ['call', 'handler']

/** A name for an import; no name of a user has a `$`, and different names stay different. */
export const alias = (kind: 's' | 'h', name: string) =>
  `$${kind}_${name.replace(/[^A-Za-z0-9]/g, (char) => `$${char.codePointAt(0)?.toString(16)}_`)}`
