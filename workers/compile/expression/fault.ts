// What can be wrong with an expression, and the words for the parts of JavaScript that stay outside.

export interface Fault {
  /** Characters of the expression. */
  readonly from: number
  readonly to: number
  readonly kind: 'syntax' | 'forbidden' | 'name'
  readonly message: string
  readonly hint: string
}

export const fault = (
  from: number,
  to: number,
  kind: Fault['kind'],
  message: string,
  hint: string,
): Fault => ({ from, to, kind, message, hint })

export const TOO_DEEP = [
  'the expression is nested too deeply',
  'move logic into a handler',
] as const

/** What a kind of node is called by those who write it. */
export const NOT_ALLOWED: ReadonlyMap<string, string> = new Map([
  ['AssignmentExpression', 'an assignment'],
  ['UpdateExpression', 'an assignment'],
  ['NewExpression', '"new"'],
  ['ThisExpression', '"this"'],
  ['ImportExpression', '"import"'],
  ['MetaProperty', '"import.meta"'],
  ['AwaitExpression', '"await"'],
  ['YieldExpression', '"yield"'],
  ['FunctionExpression', 'a function'],
  ['ArrowFunctionExpression', 'a function here'],
  ['ClassExpression', 'a class'],
  ['SequenceExpression', 'a comma sequence'],
  ['TaggedTemplateExpression', 'a tagged template'],
])
