// Plans a retry policy, named or written in its place.
import type { RetryPlan } from '../core/plan-policies.ts'
import type { RETRY } from './grammar/failure.ts'
import type { Written } from './grammar/parts.ts'
import { milliseconds } from './units.ts'

export const planRetry = ({
  attempts,
  first,
  max,
  jitter,
  park,
}: Written<typeof RETRY>): RetryPlan => ({
  attempts,
  firstMs: milliseconds(first),
  maxMs: milliseconds(max),
  jitter,
  park: park && {
    after: park.after,
    tiers: park.tiers.map((name) => ({ name, delayMs: milliseconds(name) })),
  },
})
