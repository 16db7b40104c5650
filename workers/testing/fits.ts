// Checks what a test writes against the JSON Schemas of where it goes; of a value with matchers only what can never fit is said.
import { misfitsOf, type Misfit } from '../compile/schemas.ts'
import type { FleetPlan } from '../core/plan.ts'
import { looksLikeMatcher, type Pattern } from './matchers.ts'

export interface Fits {
  /** What is wrong with a whole value. */
  value(schema: string, value: unknown): readonly Fault[]
  /** What no value could satisfy. `part`: only some fields are written. */
  pattern(schema: string, pattern: Pattern, part: boolean): readonly Fault[]
}

export interface Fault {
  readonly path: readonly string[]
  readonly problem: string
}

/** Rules that look at a value from several sides, so that one side of a misfit says nothing. */
const COMPOSED = new Set(['oneOf', 'anyOf', 'not', 'if', 'contains', 'discriminator'])
/** Rules about what is not there, which may be there after all. */
const ABSENT = new Set(['required', 'minProperties', 'dependentRequired', 'dependencies'])

export function createFits(plan: FleetPlan): Fits {
  const misfits = misfitsOf(plan)
  return {
    value: (schema, value) => distinct(misfits(schema, value)),
    pattern(schema, pattern, part) {
      const open = matchersIn(pattern)
      const found = misfits(schema, pattern)
      if (open.length === 0 && !part) return distinct(found)
      if (found.some(({ keyword }) => COMPOSED.has(keyword))) return []
      const fixed = found.filter(
        ({ path, keyword }) =>
          !(part && ABSENT.has(keyword)) && !open.some((at) => within(path, at)),
      )
      return distinct(fixed)
    },
  }
}

/** Paths of all matchers. */
function matchersIn(pattern: Pattern, path: readonly string[] = []): (readonly string[])[] {
  if (looksLikeMatcher(pattern)) return [path]
  if (typeof pattern !== 'object' || pattern === null) return []
  return Object.entries(pattern).flatMap(([name, child]) => matchersIn(child, [...path, name]))
}

/** At or below `above`. */
const within = (path: readonly string[], above: readonly string[]) =>
  above.every((part, index) => path[index] === part)

/** The branches of a choice say the same again; what is deepest says most. */
function distinct(misfits: readonly Misfit[]): Fault[] {
  const plain = misfits.filter(({ keyword }) => !COMPOSED.has(keyword))
  const faults = (plain.length > 0 ? plain : misfits).map(({ path, extra, problem }) => ({
    path: extra === undefined ? path : [...path, extra],
    problem,
  }))
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]
}
