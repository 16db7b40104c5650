// Reads an expression and gives back the text that may run, or every fault with its place.
import { parse as parseModule, parseExpressionAt, tokenizer, type Expression } from 'acorn'
import { MAX_LENGTH } from './allowed.ts'
import { Checker, fault, type Fault, type Scope } from './checker.ts'

export type Parsed = { readonly code: string } | { readonly faults: readonly Fault[] }

/** `code` is a JavaScript expression that needs nothing but the scope and `$key`. */
export function parseExpression(text: string, scope: Scope): Parsed {
  if (text.length > MAX_LENGTH)
    return {
      faults: [
        fault(
          0,
          text.length,
          'syntax',
          `the expression has ${text.length} characters`,
          `at most ${MAX_LENGTH}: move logic into a handler`,
        ),
      ],
    }
  let tree: Expression
  try {
    tree = parseWhole(text)
  } catch (error) {
    const at = Math.min((error as { pos?: number }).pos ?? 0, Math.max(0, text.length - 1))
    const message = (error as Error).message
      .replace(/ \(\d+:\d+\)$/, '')
      .replace('Unexpected token', 'unexpected text')
    return {
      faults: [
        fault(
          at,
          at + 1,
          'syntax',
          `not an expression: ${message}`,
          'one JavaScript expression, as after a "="',
        ),
      ],
    }
  }
  const checker = new Checker(text, scope)
  checker.visit(tree, 0, [])
  if (checker.faults.length > 0) return { faults: checker.faults }
  return { code: checker.rewritten(tree) }
}

/** One expression and nothing behind it. */
function parseWhole(text: string): Expression {
  const options = { ecmaVersion: 'latest', sourceType: 'module' } as const
  const tree = parseExpressionAt(text, 0, options)
  const next = tokenizer(text.slice(tree.end), options).getToken()
  if (next.type.label !== 'eof' && !/^\s*\)*\s*$/.test(text.slice(tree.end)))
    throw Object.assign(new Error('Unexpected token'), { pos: tree.end + next.start })
  // Comments before or around are fine; anything else must parse as a whole as well.
  parseModule(`(${text}\n)`, options)
  return tree
}

export type { Fault, Scope } from './checker.ts'
