// Whether a pipeline wants a message at all: its own condition says so.
import type { Envelope } from '../core/message.ts'
import { evaluate } from '../steps/context.ts'
import type { PipelineParts } from './pipeline-parts.ts'

export function isWanted({ plan, module }: PipelineParts, event: Envelope): boolean {
  const { accepts } = module
  if (plan.when === undefined || accepts === undefined) return true
  return Boolean(evaluate(plan.when, () => accepts(event)))
}
