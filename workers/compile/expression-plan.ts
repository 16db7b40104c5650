// Plans one expression of a YAML file: what is wrong with it is said where it is written.
import type { ExpressionPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { parseExpression, type Scope } from './expression/parse.ts'
import { placeIn } from './expression/place.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export interface PlannedExpression {
  /** `undefined` for one that is not right. */
  readonly code: string
  readonly plan: ExpressionPlan
  /** By itself: nobody has looked at its types. */
  readonly isRight: boolean
}

const CODE_OF = { syntax: 'SLU0401', forbidden: 'SLU0402', name: 'SLU0403' } as const

/** Undefined where nothing is written. */
export function planExpression(
  file: YamlFile,
  path: Path,
  text: unknown,
  scope: Scope,
  out: Diagnostics,
): PlannedExpression | undefined {
  // Of what is no text, or an empty one, the grammar has spoken.
  if (typeof text !== 'string' || text === '') return undefined
  const parsed = parseExpression(text, scope)
  const { line, column } = placeIn(file, path, text.search(/\S|$/), text.length)
  const plan: ExpressionPlan = { text, at: { file: file.file, line, column } }
  if ('code' in parsed) return { code: parsed.code, plan, isRight: true }
  for (const { from, to, kind, message, hint } of parsed.faults)
    out.error(CODE_OF[kind], placeIn(file, path, from, to), message, hint)
  return { code: 'undefined', plan, isRight: false }
}
