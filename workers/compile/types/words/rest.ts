// Says which values of a field no branch of a route takes.
import { listed } from '../../suggest.ts'
import type { Slot } from '../sheet.ts'
import type { Said } from '../tsc.ts'
import { bare, isLiteral, membersOf } from '../type-text.ts'
import type { Words } from './finding.ts'

type Rest = Extract<Slot, { kind: 'rest' }>

/** Undefined where every value has its branch, and where the field may be anything: nobody lists all texts. */
export function valuesLeft(
  { text }: Said,
  { route, text: field }: Rest,
): Pick<Words, 'code' | 'message' | 'hint'> | undefined {
  const left = /^Argument of type '(.*)' is not assignable to parameter of type 'never'/.exec(
    text[0] ?? '',
  )?.[1]
  const values = membersOf(left ?? '')
  if (values.length === 0 || !values.every(isLiteral)) return undefined
  return {
    code: 'SLU0536',
    message: `no branch of "${route}" takes messages whose ${field} is ${listed(values.map(bare))}`,
    hint: 'add a branch for each, or write otherwise: { steps: [] } if nothing is to happen to them',
  }
}
