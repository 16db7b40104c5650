// A rule of Prometheus, and the words that rules are made of: thresholds of fleet.yaml, names of the plan. Names go into an expression quoted, whatever they hold.
import type { Threshold } from '../../core/plan.ts'

export type Severity = 'warning' | 'critical'

export interface AlertRule {
  readonly alert: string
  /** PromQL; true for as long as it gives anything. */
  readonly expr: string
  /** For so long it has to hold; undefined: at once. */
  readonly for: string | undefined
  readonly severity: Severity
  /** One line, with the labels of what it is about. */
  readonly summary: string
  readonly description: string
  /** The next command. */
  readonly next: string
}

/** A rule without what its thresholds say. */
export interface Kind extends Omit<AlertRule, 'severity' | 'expr'> {
  readonly expr: (threshold: number) => string
}

/** One rule for each threshold that is written. */
export const perThreshold = (
  { warn, fail }: Threshold,
  { expr, ...kind }: Kind,
): readonly AlertRule[] => [
  { ...kind, expr: expr(warn), severity: 'warning' },
  ...(fail === undefined ? [] : [{ ...kind, expr: expr(fail), severity: 'critical' as const }]),
]

/** `metric{label="value"}`; of a list it is any. The order in which names are declared changes nothing. */
export function select(
  metric: string,
  labels: Readonly<Record<string, string | readonly string[]>> = {},
): string {
  const pairs = Object.entries(labels).map(([label, value]) => {
    const [only, ...more] = typeof value === 'string' ? [value] : [...new Set(value)].toSorted()
    return only !== undefined && more.length === 0
      ? `${label}=${JSON.stringify(only)}`
      : `${label}=~${JSON.stringify([only ?? '', ...more].map(literally).join('|'))}`
  })
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`
}

/** In a regular expression of RE2, which is anchored at both ends. */
const literally = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
