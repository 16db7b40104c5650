// What a load showed, held against what was asked of it.
import type { LoadResult } from './load.ts'

/** Undefined: nothing is asked of it. Times in milliseconds. */
export interface Limits {
  readonly p50?: number
  readonly p95?: number
  readonly p99?: number
  readonly max?: number
  readonly lag: number
  readonly deadLetters: number
}

export interface Kept {
  /** `p99 on prediction_results`. */
  readonly what: string
  readonly limit: string
  readonly was: string
  readonly kept: boolean
}

const TIMES = ['p50', 'p95', 'p99', 'max'] as const
/** Of the rate that was asked for: a clock and a scheduler are never exact. */
const RATE_SHARE = 0.95

export function verdictOn(result: LoadResult, limits: Limits): Kept[] {
  const { sent, lag, deadLetters } = result
  const least = sent.wanted * RATE_SHARE
  return [
    {
      what: 'rate',
      limit: `at least ${perSecond(least)}`,
      was: perSecond(sent.rate),
      kept: sent.rate >= least && sent.failed === 0,
    },
    // What nobody saw to its end passes no judgement.
    ...(sent.count < sent.due
      ? [{ what: 'messages', limit: `all ${sent.due}`, was: `${sent.count}`, kept: false }]
      : []),
    ...result.answers.flatMap(({ topic, percentiles }) =>
      TIMES.flatMap((name): Kept[] => {
        const limit = limits[name]
        if (limit === undefined) return []
        const was = percentiles?.[name]
        return [
          {
            what: `${name} on ${topic}`,
            limit: `at most ${ms(limit)}`,
            was: was === undefined ? 'no answer' : ms(was),
            kept: was !== undefined && was <= limit,
          },
        ]
      }),
    ),
    {
      what: 'lag at the end',
      limit: `at most ${limits.lag}`,
      was: lag === undefined ? 'unknown' : `${lag}`,
      kept: lag !== undefined && lag <= limits.lag,
    },
    {
      what: 'dead letters',
      limit: `at most ${limits.deadLetters}`,
      was: `${deadLetters}`,
      kept: deadLetters <= limits.deadLetters,
    },
  ]
}

export const ms = (value: number): string =>
  value >= 1_000 ? `${(value / 1_000).toFixed(2)} s` : `${value.toFixed(1)} ms`

export const perSecond = (value: number): string =>
  `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })}/s`
