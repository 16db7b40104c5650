// Says that values cannot be compared or computed with each other, and that a condition is none.
import { nearest } from '../../suggest.ts'
import type { Here } from '../here.ts'
import type { Said } from '../tsc.ts'
import { bare, described, isLiteral, membersOf, shortened } from '../type-text.ts'
import { extent, type Words } from './finding.ts'

export function noOverlap({ text }: Said, here: Here): Words {
  const [, a = '', b = ''] = /types '(.*)' and '(.*)' have no overlap/.exec(text[0] ?? '') ?? []
  const { anatomy } = here
  const node = anatomy.at(here.offset, ({ type }) => type === 'BinaryExpression')
  const [left, right] =
    node?.type === 'BinaryExpression'
      ? [anatomy.source(node.left), anatomy.source(node.right)]
      : ['the left side', 'the right side']
  const [written, all, of] = isLiteral(a) && !isLiteral(b) ? [a, b, right] : [b, a, left]
  const members = membersOf(all)
  const code = 'SLU0336'
  const oneOfSome = members.every((one) => isLiteral(one) || one === 'null' || one === 'undefined')
  if (!isLiteral(written) || !oneOfSome) {
    const message = `${shown(left)} is ${described(a)}, and ${shown(right)} is ${described(b)}: these never are the same`
    return { code, message, hint: 'compare values of one type', ...extent(node) }
  }
  const near = nearest(bare(written), members.map(bare))
  return {
    code,
    message: `${of} is never ${written}`,
    hint: near === undefined ? `it is ${described(all)}` : `did you mean "${near}"?`,
    ...extent(node),
  }
}

const shown = (text: string) =>
  /^['"`]/.test(text) ? shortened(text, 60) : `"${shortened(text, 60)}"`

export function wrongOperands({ text, code: number }: Said, here: Here): Words {
  const [, operator = '', a = '', b = ''] =
    /^Operator '(.+)' cannot be applied to types '(.*)' and '(.*)'/.exec(text[0] ?? '') ?? []
  const { anatomy, offset } = here
  const code = 'SLU0331'
  if (number !== 2365) {
    const operand = anatomy.operand(offset)
    const what = operand === undefined ? 'this' : shown(anatomy.source(operand))
    return {
      code,
      message: `arithmetic needs numbers on both sides, and ${what} is none`,
      hint: 'write Number(…) around a text, or a template string to join texts',
      ...extent(operand),
    }
  }
  const node = anatomy.at(offset, ({ type }) => type === 'BinaryExpression')
  const sides =
    node?.type === 'BinaryExpression'
      ? `${anatomy.source(node.left)} ${operator} ${anatomy.source(node.right)}`
      : operator
  const list = [a, b].some((type) => type.endsWith('[]'))
  return {
    code,
    message: `${shown(sides)}: ${described(a)} and ${described(b)} cannot be put together`,
    hint: list
      ? 'the size of a list is its .length'
      : 'both sides have to be numbers, or both texts',
    ...extent(node),
  }
}

export function notBoolean(type: string): Words {
  const members = membersOf(type)
  const rest = members.filter((one) => !['undefined', 'null'].includes(one))
  return {
    code: 'SLU0335',
    message: `a condition is true or false; this is ${described(type)}`,
    hint:
      rest.length < members.length
        ? 'say what you mean: … !== undefined, or compare a field of it'
        : comparison(rest),
  }
}

function comparison(types: readonly string[]): string {
  if (types.every((one) => one === 'string' || one.startsWith('"'))) return "compare it: … !== ''"
  if (types.every((one) => one === 'number' || /^-?\d/.test(one))) return 'compare it: … > 0'
  return 'compare it with something: it is always true as it stands'
}
