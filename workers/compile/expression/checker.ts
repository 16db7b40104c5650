// Holds an expression to the subset: data in, data out, no way to anything else.
import type { AnyNode } from 'acorn'
import { FORBIDDEN_PROPERTIES } from '../../core/expression-runtime.ts'
import { nearest } from '../suggest.ts'
import {
  BINARY,
  CONSTANTS,
  ENVELOPE,
  FUNCTIONS,
  MAX_DEPTH,
  METHODS,
  STATICS,
  UNARY,
  WITH_FUNCTION,
} from './allowed.ts'

export interface Fault {
  /** Characters of the expression. */
  readonly from: number
  readonly to: number
  readonly kind: 'syntax' | 'forbidden' | 'name'
  readonly message: string
  readonly hint: string
}

/** Names an expression may use, and names it may not, with the reason. */
export interface Scope {
  readonly values: readonly string[]
  readonly valueless: ReadonlyMap<string, string>
}

export const fault = (
  from: number,
  to: number,
  kind: Fault['kind'],
  message: string,
  hint: string,
): Fault => ({ from, to, kind, message, hint })

export class Checker {
  readonly faults: Fault[] = []
  private readonly text: string
  private readonly scope: Scope
  /** The property expressions of computed access. */
  private readonly computed: AnyNode[] = []
  private readonly calling = new Set<AnyNode>()

  constructor(text: string, scope: Scope) {
    this.text = text
    this.scope = scope
  }

  visit(node: AnyNode, depth: number, locals: readonly string[]): void {
    if (depth > MAX_DEPTH)
      return this.refuse(node, 'the expression is nested too deeply', 'move logic into a handler')
    const go = (child: AnyNode | null | undefined, names: readonly string[] = locals) => {
      if (child !== null && child !== undefined) this.visit(child, depth + 1, names)
    }
    switch (node.type) {
      case 'Literal':
        if ('regex' in node && node.regex !== undefined)
          return this.refuse(
            node,
            'a regular expression',
            'use startsWith, includes or split; or a handler',
          )
        if ('bigint' in node && node.bigint !== undefined && node.bigint !== null)
          return this.refuse(node, 'a BigInt', 'write a plain number')
        return
      case 'TemplateLiteral':
        for (const part of node.expressions) go(part)
        return
      case 'Identifier':
        return this.identifier(node, locals)
      case 'MemberExpression':
        return this.member(node, depth, locals)
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return go(node.expression)
      case 'CallExpression':
        return this.call(node, depth, locals)
      case 'ArrayExpression':
        for (const element of node.elements) go(element)
        return
      case 'SpreadElement':
        return go(node.argument)
      case 'ObjectExpression':
        for (const property of node.properties) go(property)
        return
      case 'Property':
        return this.property(node, depth, locals)
      case 'ConditionalExpression':
        go(node.test)
        go(node.consequent)
        return go(node.alternate)
      case 'LogicalExpression':
        go(node.left)
        return go(node.right)
      case 'BinaryExpression':
        if (!BINARY.has(node.operator))
          this.refuse(node, `the operator ${node.operator}`, `allowed: ${[...BINARY].join(' ')}`)
        if (node.left.type !== 'PrivateIdentifier') go(node.left)
        return go(node.right)
      case 'UnaryExpression':
        if (!UNARY.has(node.operator))
          this.refuse(node, `the operator ${node.operator}`, `allowed: ${[...UNARY].join(' ')}`)
        return go(node.argument)
      default:
        return this.refuse(
          node,
          NOT_ALLOWED[node.type] ?? `a ${node.type}`,
          'an expression only computes a value from data; put the rest into a handler',
        )
    }
  }

  /** The text of a checked expression, with computed access guarded. */
  rewritten(tree: AnyNode): string {
    const inserts = this.computed.flatMap(({ start, end }) => [
      { at: start, text: '$key(' },
      { at: end, text: ')' },
    ])
    let out = ''
    let from = tree.start
    for (const { at, text } of inserts.toSorted((a, b) => a.at - b.at)) {
      out += this.text.slice(from, at) + text
      from = at
    }
    return out + this.text.slice(from, tree.end)
  }

  private identifier(
    node: Extract<AnyNode, { type: 'Identifier' }>,
    locals: readonly string[],
  ): void {
    const { name } = node
    if (locals.includes(name) || this.scope.values.includes(name) || CONSTANTS.has(name)) return
    const why = this.scope.valueless.get(name)
    if (why !== undefined) {
      this.faults.push(fault(node.start, node.end, 'name', `"${name}" has no value here`, why))
      return
    }
    const known = [...this.scope.values, ...locals]
    const near = nearest(name, known)
    const hint = near === undefined ? `known here: ${known.join(', ')}` : `did you mean "${near}"?`
    this.faults.push(fault(node.start, node.end, 'name', `"${name}" is not known here`, hint))
  }

  private member(
    node: Extract<AnyNode, { type: 'MemberExpression' }>,
    depth: number,
    locals: readonly string[],
  ): void {
    if (node.object.type === 'Super') return this.refuse(node, '"super"', 'name the data directly')
    const { property } = node
    if (!node.computed) {
      if (property.type !== 'Identifier')
        return this.refuse(node, 'a private name', 'name the data directly')
      if (FORBIDDEN_PROPERTIES.has(property.name))
        this.refuse(property, `the property "${property.name}"`, 'it leads out of the data')
      this.envelope(node, locals)
    } else {
      if (
        property.type === 'Literal' &&
        typeof property.value === 'string' &&
        FORBIDDEN_PROPERTIES.has(property.value)
      )
        this.refuse(property, `the property "${property.value}"`, 'it leads out of the data')
      else if (property.type === 'PrivateIdentifier')
        this.refuse(property, 'a private name', 'name the data directly')
      else {
        this.visit(property, depth + 1, locals)
        this.computed.push(property)
      }
    }
    if (
      node.object.type === 'Identifier' &&
      STATICS[node.object.name] !== undefined &&
      !locals.includes(node.object.name)
    ) {
      if (!this.calling.has(node))
        this.refuse(
          node,
          `"${node.object.name}" as a value`,
          `call one of ${[...(STATICS[node.object.name] ?? [])].join(', ')}`,
        )
      return
    }
    this.visit(node.object, depth + 1, locals)
  }

  /** `event.lenght` is a slip that no schema has to be asked about. */
  private envelope(
    node: Extract<AnyNode, { type: 'MemberExpression' }>,
    locals: readonly string[],
  ): void {
    const { object, property } = node
    if (object.type !== 'Identifier' || object.name !== 'event' || locals.includes('event')) return
    if (
      property.type !== 'Identifier' ||
      ENVELOPE.includes(property.name) ||
      FORBIDDEN_PROPERTIES.has(property.name)
    )
      return
    const near = nearest(property.name, ENVELOPE)
    this.faults.push(
      fault(
        property.start,
        property.end,
        'name',
        `an event has no "${property.name}"`,
        near === undefined
          ? `it has ${ENVELOPE.join(', ')}; fields of the message are below event.data`
          : `did you mean "${near}"?`,
      ),
    )
  }

  private call(
    node: Extract<AnyNode, { type: 'CallExpression' }>,
    depth: number,
    locals: readonly string[],
  ): void {
    const { callee } = node
    this.callee(callee, locals)
    if (callee.type === 'MemberExpression') {
      this.calling.add(callee)
      this.visit(callee, depth + 1, locals)
    }
    const takesFunction =
      callee.type === 'MemberExpression' &&
      callee.property.type === 'Identifier' &&
      WITH_FUNCTION.has(callee.property.name)
    const [first] = node.arguments
    // Only functions written here are ever called: one that is reached as a value stays a value.
    if (takesFunction && first !== undefined && first.type !== 'ArrowFunctionExpression')
      this.refuse(first, 'a callback that is not written out', 'write x => value')
    for (const argument of node.arguments) {
      if (argument.type !== 'ArrowFunctionExpression') this.visit(argument, depth + 1, locals)
      else if (takesFunction) this.arrow(argument, depth, locals)
      else
        this.refuse(
          argument,
          'a function here',
          `functions go to ${[...WITH_FUNCTION].join(', ')} only`,
        )
    }
  }

  private callee(callee: AnyNode, locals: readonly string[]): void {
    if (callee.type === 'Identifier') {
      if (FUNCTIONS.has(callee.name) && !locals.includes(callee.name)) return
      return this.refuse(
        callee,
        `calling "${callee.name}"`,
        `allowed: ${[...FUNCTIONS].join(', ')}, methods of data, and Math, Object, Number, Array, Date, JSON`,
      )
    }
    if (
      callee.type !== 'MemberExpression' ||
      callee.computed ||
      callee.property.type !== 'Identifier'
    )
      return this.refuse(callee, 'calling a computed value', 'call a method by its name')
    const { object, property } = callee
    const statics =
      object.type === 'Identifier' &&
      !locals.includes(object.name) &&
      !this.scope.values.includes(object.name)
        ? STATICS[object.name]
        : undefined
    const allowed = statics ?? METHODS
    if (allowed.has(property.name)) return
    const near = nearest(property.name, [...allowed])
    this.refuse(
      property,
      `the method "${property.name}"`,
      near === undefined ? `allowed: ${[...allowed].join(', ')}` : `did you mean "${near}"?`,
    )
  }

  private arrow(
    node: Extract<AnyNode, { type: 'ArrowFunctionExpression' }>,
    depth: number,
    locals: readonly string[],
  ): void {
    if (node.async || node.body.type === 'BlockStatement')
      return this.refuse(node, 'a function with statements', 'write x => value')
    const names: string[] = []
    for (const parameter of node.params) {
      if (parameter.type === 'Identifier') names.push(parameter.name)
      else this.refuse(parameter, 'a parameter that is no plain name', 'write (a, b) => …')
    }
    for (const name of names)
      if (
        STATICS[name] !== undefined ||
        FUNCTIONS.has(name) ||
        name === 'run' ||
        name.startsWith('$')
      )
        this.refuse(node, `the parameter name "${name}"`, 'choose another one')
    this.visit(node.body, depth + 1, [...locals, ...names])
  }

  private property(
    node: Extract<AnyNode, { type: 'Property' }>,
    depth: number,
    locals: readonly string[],
  ): void {
    if (node.kind !== 'init' || node.method)
      return this.refuse(node, 'a method or accessor', 'write name: value')
    if (node.computed) return this.refuse(node.key, 'a computed key', 'write the name of the field')
    const { key } = node
    const name =
      key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
    if (FORBIDDEN_PROPERTIES.has(name))
      return this.refuse(key, `the field "${name}"`, 'choose another name')
    this.visit(node.value, depth + 1, locals)
  }

  private refuse(node: AnyNode, what: string, hint: string): void {
    this.faults.push(
      fault(node.start, node.end, 'forbidden', `${what} is not allowed in an expression`, hint),
    )
  }
}

const NOT_ALLOWED: Readonly<Record<string, string>> = {
  AssignmentExpression: 'an assignment',
  UpdateExpression: 'an assignment',
  NewExpression: '"new"',
  ThisExpression: '"this"',
  ImportExpression: '"import"',
  MetaProperty: '"import.meta"',
  AwaitExpression: '"await"',
  YieldExpression: '"yield"',
  FunctionExpression: 'a function',
  ArrowFunctionExpression: 'a function here',
  ClassExpression: 'a class',
  SequenceExpression: 'a comma sequence',
  TaggedTemplateExpression: 'a tagged template',
}
