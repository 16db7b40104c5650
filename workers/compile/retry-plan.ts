// Plans a retry policy, named or written in its place.
import type { RetryPlan } from '../core/plan.ts'
import type { RETRY } from './grammar/failure.ts'
import type { Written } from './grammar/parts.ts'
import { milliseconds } from './units.ts'

export const planRetry = ({ attempts, first, max, jitter }: Written<typeof RETRY>): RetryPlan => ({
  attempts,
  firstMs: milliseconds(first),
  maxMs: milliseconds(max),
  jitter,
})
