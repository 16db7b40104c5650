// Looks at the tokens of a YAML file before anything recursive does: depth, and the parts of YAML that a configuration is better without.
import { CST, Lexer } from 'yaml'

const MAX_DEPTH = 64
const TAG = 'remove it: tags are not read; an expression that begins with ! needs quotes around it'
const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels`
const FLATTEN = 'flatten it'
/** Aliases and tags: a file that uses them says so soon. */
const MAX_REFUSED = 10

export interface Span {
  readonly offset: number
  readonly length: number
}

export type Report = (
  code: 'SLU0103' | 'SLU0105' | 'SLU0106',
  at: Span,
  message: string,
  hint: string,
) => void

/** False, with a report, when brackets alone go too deep: parsing them takes long, and stops nowhere before the end. */
export function isShallow(text: string, report: Report): boolean {
  let depth = 0
  let offset = 0
  let isScalar = false
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = isScalar ? null : CST.tokenType(lexeme)
    isScalar = type === 'scalar'
    // Marks of the lexer's own, which stand for no text.
    if (isScalar || type === 'doc-mode' || type === 'flow-error-end') continue
    if (type === 'flow-seq-start' || type === 'flow-map-start') depth++
    if (type === 'flow-seq-end' || type === 'flow-map-end') depth--
    if (depth > MAX_DEPTH) {
      report('SLU0103', { offset, length: 1 }, TOO_DEEP, FLATTEN)
      return false
    }
    offset += lexeme.length
  }
  return true
}

/** False, with reports, when the file is beyond use. */
export function isUsable(tokens: readonly CST.Token[], report: Report): boolean {
  let fine = true
  let faults = 0
  const refuse = (token: Span, message: string, hint: string) => {
    fine = false
    if (++faults <= MAX_REFUSED) report('SLU0106', token, message, hint)
  }
  const [, second] = tokens.filter(({ type }) => type === 'document')
  if (second !== undefined) {
    fine = false
    const hint = 'one file, one document: remove this "---" and what follows'
    report(
      'SLU0105',
      { offset: second.offset, length: 3 },
      'the file holds several documents',
      hint,
    )
  }
  for (const { token, depth } of everyToken(tokens)) {
    const span = spanOf(token)
    if ('items' in token && depth >= MAX_DEPTH) {
      report('SLU0103', span, TOO_DEEP, FLATTEN)
      return false
    }
    if (token.type === 'alias')
      refuse(span, `the alias ${sourceOf(token)}`, 'write the value out: anchors are not read')
    else if (token.type === 'tag') refuse(span, `the tag ${sourceOf(token)}`, TAG)
    else if (token.type === 'directive')
      refuse(span, `the directive ${sourceOf(token)}`, 'remove it: a file is YAML 1.2')
  }
  return fine
}

const sourceOf = (token: CST.Token) =>
  'source' in token && typeof token.source === 'string' ? token.source.slice(0, 60) : '?'

const spanOf = (token: CST.Token): Span => ({
  offset: token.offset,
  length: sourceOf(token).length,
})

/** Every token with the number of collections around it; a stack of its own, because depth is what it measures. */
function* everyToken(tokens: readonly CST.Token[]): Generator<{ token: CST.Token; depth: number }> {
  const stack = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next
    const { token } = next
    const depth = next.depth + ('items' in token ? 1 : 0)
    const add = (more: readonly (CST.Token | null | undefined)[] | undefined) => {
      for (const child of more ?? []) if (child) stack.push({ token: child, depth })
    }
    if ('items' in token)
      for (const { start, key, sep, value } of token.items) {
        add(start)
        add([key, value])
        add(sep)
      }
    if (token.type === 'document') {
      add(token.start)
      add([token.value])
    }
    if (token.type === 'block-scalar') add(token.props)
  }
}
