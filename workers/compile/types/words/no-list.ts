// Says that what a split is to take apart is no list, or may not be there.
import type { Here } from '../here.ts'
import type { Said } from '../tsc.ts'
import { described, isLiteral, membersOf, shortened } from '../type-text.ts'
import { extent, type Words } from './finding.ts'

const SAYS = /^(?:Argument of t|T)ype '(.*)' is (?:not assignable|missing)/

/** Undefined for what is wrong within the expression. */
export function noList({ text }: Said, { piece, anatomy, offset }: Here): Words | undefined {
  const from = SAYS.exec(text[0] ?? '')?.[1]
  if (piece.slot.kind !== 'over' || from === undefined || anatomy.fieldAt(offset)?.length !== 0)
    return undefined
  const what = shortened(anatomy.valueAt(offset), 60)
  const whole = extent(anatomy.at(offset))
  const members = membersOf(from)
  const there = members.filter((one) => one !== 'undefined' && one !== 'null')
  const absent = members.find((one) => !there.includes(one))
  if (absent !== undefined && there.every(isList))
    return {
      code: 'SLU0334',
      message: `"${what}" is possibly ${absent}, and a split needs a list`,
      hint: `write ${what} ?? [] if nothing is to happen then`,
      ...whole,
    }
  const isText = there.every((one) => one === 'string' || isLiteral(one))
  return {
    code: 'SLU0537',
    message: `a split needs a list, and "${what}" is ${described(from)}`,
    hint: isText
      ? 'name a list, or make one: ….split(",")'
      : 'name a list, or make one: Object.values(…), or [one, another]',
    ...whole,
  }
}

const isList = (type: string) => /\[\]$|^(?:readonly )?\[|^(?:Readonly)?Array</.test(type)
