// How long to wait before the next attempt; pure, on the given random source.
import type { Random } from '../core/clock.ts'
import type { RetryPlan } from '../core/plan-policies.ts'

/** Milliseconds before attempt `attempt + 1`, after `attempt` (1-based) failed: doubling from `first`, capped, with full jitter if asked. */
export function backoffMs(
  retry: Pick<RetryPlan, 'firstMs' | 'maxMs' | 'jitter'>,
  attempt: number,
  random: Random,
): number {
  // 2^52 and beyond stay finite: the cap wins long before.
  const ceiling = Math.min(retry.maxMs, retry.firstMs * 2 ** Math.min(attempt - 1, 52))
  return retry.jitter === 'full' ? Math.round(random.next() * ceiling) : ceiling
}

/** Waits for something that is away: no attempt is counted, so it may go on for ever, from 100 ms up to 5 s. */
export const OUTAGE_BACKOFF = { firstMs: 100, maxMs: 5_000, jitter: 'full' } as const
