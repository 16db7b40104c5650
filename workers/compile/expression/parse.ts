// Reads an expression and gives back the text that may run, or every fault with its place.
import { parse as parseModule, parseExpressionAt, tokenizer, type Expression } from 'acorn'
import { MAX_LENGTH } from './allowed.ts'
import { Checker, type Scope } from './checker.ts'
import { fault, TOO_DEEP, type Fault } from './fault.ts'
import { withGuards } from './rewrite.ts'

export type Parsed = { readonly code: string } | { readonly faults: readonly Fault[] }

/** `code` is a JavaScript expression that needs nothing but the scope, `$key` and `$data`, and can only compute. */
export function parseExpression(text: string, scope: Scope): Parsed {
  if (text.length > MAX_LENGTH) {
    const message = `the expression has ${text.length} characters`
    const hint = `at most ${MAX_LENGTH}: move logic into a handler`
    return { faults: [fault(0, text.length, 'syntax', message, hint)] }
  }
  let tree: Expression
  try {
    tree = parseWhole(text)
  } catch (error) {
    return { faults: [syntaxFault(text, error)] }
  }
  const checker = new Checker(scope)
  checker.check(tree)
  if (checker.faults.length > 0) return { faults: checker.faults }
  return { code: withGuards(text, tree, checker.guards) }
}

const OPTIONS = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: false } as const

/** One expression and nothing behind it. */
function parseWhole(text: string): Expression {
  const tree = parseExpressionAt(text, 0, OPTIONS)
  if (text.slice(tree.end).trim() === '') return tree
  // Brackets around the whole and comments may follow; `a) + (b` only looks as if.
  shifted(tree.end, () => {
    for (const token of tokenizer(text.slice(tree.end), OPTIONS))
      if (token.type.label !== ')') throw atPlace(token.start)
  })
  shifted(-1, () => parseModule(`(${text}\n)`, OPTIONS))
  return tree
}

/** A part of the text was read: an error in it stands further on in the whole. */
function shifted(by: number, read: () => unknown): void {
  try {
    read()
  } catch (error) {
    throw atPlace((positionOf(error) ?? 0) + by)
  }
}

const atPlace = (pos: number) => Object.assign(new SyntaxError('Unexpected token'), { pos })

const positionOf = (error: unknown): number | undefined => (error as { pos?: number }).pos

/** As other languages write them. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['not', '!'],
  ['is', '==='],
])

function syntaxFault(text: string, error: unknown): Fault {
  const pos = positionOf(error) ?? 0
  const { message } = error as Error
  if (error instanceof RangeError || message.includes('stack'))
    return fault(0, text.length, 'forbidden', ...TOO_DEEP)
  const hint = 'write one JavaScript expression, as it could stand after a "="'
  if (text.trim() === '') return fault(0, 1, 'syntax', 'the expression is empty', hint)
  const end = text.trimEnd().length
  const at = Math.min(pos, end - 1)
  if (pos >= end) return fault(at, at + 1, 'syntax', 'the expression ends too early', hint)
  const [word] = /^\w+/.exec(text.slice(at)) ?? []
  const operator = OPERATORS.get(word?.toLowerCase() ?? '')
  if (operator !== undefined)
    return fault(
      at,
      at + (word ?? '').length,
      'syntax',
      `not an expression: unexpected text "${word}"`,
      `"${word}" is written ${operator}`,
    )
  const said = message.replace(/ \(\d+:\d+\)$/, '').replace('Unexpected token', 'unexpected text')
  return fault(at, at + 1, 'syntax', `not an expression: ${said}`, hint)
}

export type { Scope } from './checker.ts'
