// Finds patterns that a hostile message can make run for very long: https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
import { analyse } from 'scslre'
import { isAmbiguous } from './pattern-ambiguity.ts'

export interface SlowPattern {
  readonly pattern: string
  /** Each further character doubles the time; else the time grows with a power of the length. */
  readonly exponential: boolean
}

/** With texts no longer than this a pattern of quadratic time takes milliseconds. */
const SHORT = 1_000

/** The analysis takes time that grows with their third power; nobody can read such a pattern either. */
const MOST_REPETITIONS = 24

/** The slow patterns anywhere in a schema; those of quadratic time only where a text may be long. */
export function slowPatterns(schema: unknown): SlowPattern[] {
  const slow: SlowPattern[] = []
  const stack: unknown[] = [schema]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const { pattern, maxLength, patternProperties } = next as Record<string, unknown>
    const isShort = typeof maxLength === 'number' && maxLength <= SHORT
    if (typeof pattern === 'string') add(slow, pattern, isShort)
    if (typeof patternProperties === 'object')
      for (const names of Object.keys(patternProperties ?? {})) add(slow, names, false)
    stack.push(...Object.values(next).filter((value) => value !== null))
  }
  return slow
}

function add(slow: SlowPattern[], pattern: string, isShort: boolean): void {
  if (repetitions(pattern) > MOST_REPETITIONS) {
    slow.push({ pattern, exponential: true })
    return
  }
  const { reports } = analyse(new RegExp(pattern, 'u'))
  // The library knows repetitions of repetitions, we know two ways through one.
  const exponential = reports.some((report) => report.exponential) || isAmbiguous(pattern)
  if (exponential || (reports.length > 0 && !isShort)) slow.push({ pattern, exponential })
}

/** Those without an upper bound, and with one. */
const repetitions = (pattern: string): number =>
  pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, '_').match(/[*+{]/g)?.length ?? 0
