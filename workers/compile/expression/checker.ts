// Holds an expression to the subset: data in, data out, no way to anything else.
import type { AnyNode } from 'acorn'
import { FORBIDDEN_PROPERTIES } from '../../core/expression-runtime.ts'
import { listed, nearest } from '../suggest.ts'
import {
  BINARY,
  CONSTANTS,
  ENVELOPE,
  FUNCTIONS,
  INHERITED,
  MAX_DEPTH,
  MAX_PADDING,
  METHODS,
  PADDING,
  STATICS,
  UNARY,
  WITH_FUNCTION,
} from './allowed.ts'
import { fault, NOT_ALLOWED, TOO_DEEP, type Fault } from './fault.ts'
import type { Guard } from './rewrite.ts'

/** Names an expression may use, and names it may not, with the reason. */
export interface Scope {
  readonly values: ReadonlySet<string>
  readonly valueless: ReadonlyMap<string, string>
}

type Of<T extends AnyNode['type']> = Extract<AnyNode, { type: T }>

/** Where the walk is: how deep, and the parameters of the functions around it. */
interface Here {
  readonly depth: number
  readonly locals: readonly string[]
}

export class Checker {
  readonly faults: Fault[] = []
  /** What has to be guarded when it runs. */
  readonly guards: Guard[] = []
  private readonly scope: Scope

  constructor(scope: Scope) {
    this.scope = scope
  }

  check(tree: AnyNode): void {
    this.visit(tree, { depth: 0, locals: [] })
  }

  private visit(node: AnyNode, above: Here): void {
    const here = { ...above, depth: above.depth + 1 }
    if (above.depth > MAX_DEPTH) return this.tooDeep(node)
    const go = (...children: (AnyNode | null)[]) => {
      for (const child of children) if (child !== null) this.visit(child, here)
    }
    switch (node.type) {
      case 'Literal':
        return this.literal(node)
      case 'Identifier':
        return this.identifier(node, here)
      case 'MemberExpression':
        this.guardValue(node, node)
        return this.member(node, here)
      case 'ChainExpression':
        if (node.expression.type !== 'MemberExpression') return go(node.expression)
        this.guardValue(node, node.expression)
        return this.member(node.expression, here)
      case 'CallExpression':
        return this.call(node, here)
      case 'TemplateLiteral':
        return go(...node.expressions)
      case 'ArrayExpression':
        if (node.elements.includes(null)) this.refuse(node, 'a gap in a list', 'write undefined')
        return go(...node.elements)
      case 'SpreadElement':
        return go(node.argument)
      case 'ObjectExpression':
        return go(...node.properties)
      case 'Property':
        return this.property(node, here)
      case 'ConditionalExpression':
        return go(node.test, node.consequent, node.alternate)
      case 'LogicalExpression':
        return go(node.left, node.right)
      case 'BinaryExpression':
        this.operator(node, BINARY)
        return go(node.left, node.right)
      case 'UnaryExpression':
        this.operator(node, UNARY)
        return go(node.argument)
      default: {
        const usual = 'an expression only computes a value from data; put the rest into a handler'
        const hint = node.type === 'AssignmentExpression' ? 'to compare, write ===' : usual
        return this.refuse(node, NOT_ALLOWED.get(node.type) ?? `a ${node.type}`, hint)
      }
    }
  }

  private tooDeep(node: AnyNode): void {
    const [message, hint] = TOO_DEEP
    if (this.faults.some((other) => other.message === message)) return
    this.faults.push(fault(node.start, node.end, 'forbidden', message, hint))
  }

  private literal(node: Of<'Literal'>): void {
    if ('regex' in node && node.regex !== undefined)
      this.refuse(node, 'a regular expression', 'use startsWith, includes or split; or a handler')
    if (typeof node.value === 'bigint') this.refuse(node, 'a BigInt', 'write a plain number')
  }

  private operator(node: Of<'BinaryExpression' | 'UnaryExpression'>, allowed: ReadonlySet<string>) {
    if (!allowed.has(node.operator))
      this.refuse(node, `the operator ${node.operator}`, `allowed: ${[...allowed].join(' ')}`)
  }

  private identifier({ name, start, end }: Of<'Identifier'>, { locals }: Here): void {
    const { values, valueless } = this.scope
    if (locals.includes(name) || values.has(name) || CONSTANTS.has(name)) return
    const why = valueless.get(name)
    if (why !== undefined) {
      this.faults.push(fault(start, end, 'name', `"${name}" has no value here`, why))
      return
    }
    const known = [...values, ...locals]
    const near = nearest(name, known)
    const hint = near === undefined ? `known here: ${listed(known)}` : `did you mean "${near}"?`
    this.faults.push(fault(start, end, 'name', `"${name}" is not known here`, hint))
  }

  /** The value of `whole` is that of its last property, which must not be a function of the language. */
  private guardValue(whole: AnyNode, { computed, property }: Of<'MemberExpression'>): void {
    const name = computed ? literalName(property) : nameOf(property)
    if (name === undefined || INHERITED.has(name))
      this.guards.push({ from: whole.start, to: whole.end, by: '$data' })
  }

  private member(node: Of<'MemberExpression'>, here: Here): void {
    const { object, property, computed } = node
    const name = computed ? literalName(property) : nameOf(property)
    if (name !== undefined && FORBIDDEN_PROPERTIES.has(name))
      this.refuse(property, `the property "${name}"`, 'it leads out of the data')
    else if (name === undefined) {
      this.visit(property, here)
      this.guards.push({ from: property.start, to: property.end, by: '$key' })
    } else this.envelope(object, property, name, here)
    const statics = this.staticsOf(object, here)
    if (statics === undefined) this.object(object, here)
    else
      this.refuse(node, `"${nameOf(object)}" as a value`, `call one of ${[...statics].join(', ')}`)
  }

  /** What a property or method is taken from: no value of its own, so there is nothing to guard. */
  private object(node: AnyNode, above: Here): void {
    const here = { ...above, depth: above.depth + 1 }
    if (node.type !== 'MemberExpression') this.visit(node, above)
    else if (above.depth > MAX_DEPTH) this.tooDeep(node)
    else this.member(node, here)
  }

  /** `event.lenght` is a slip that no schema has to be asked about. */
  private envelope(object: AnyNode, property: AnyNode, name: string, { locals }: Here): void {
    if (object.type !== 'Identifier' || object.name !== 'event' || locals.includes('event')) return
    if (ENVELOPE.has(name)) return
    const near = nearest(name, ENVELOPE)
    const hint =
      near === undefined
        ? `fields of the message are below it: event.data.${name}; itself it has ${[...ENVELOPE].join(', ')}`
        : `did you mean "${near}"?`
    const message = `an event has no "${name}"`
    this.faults.push(fault(property.start, property.end, 'name', message, hint))
  }

  private staticsOf(object: AnyNode, { locals }: Here): ReadonlySet<string> | undefined {
    if (object.type !== 'Identifier' || locals.includes(object.name)) return undefined
    return this.scope.values.has(object.name) ? undefined : STATICS.get(object.name)
  }

  private call(node: Of<'CallExpression'>, here: Here): void {
    const method = this.callee(node.callee, here)
    const [first] = node.arguments
    if (method !== undefined && PADDING.has(method)) this.padding(node, first)
    if (first !== undefined && this.parsesTime(node.callee, here))
      this.guards.push({ from: first.start, to: first.end, by: '$time' })
    for (const argument of node.arguments) {
      const takes = method !== undefined && (WITH_FUNCTION.has(method) || !METHODS.has(method))
      const callback = takes && argument === first
      if (!callback) this.visit(argument, here)
      else if (argument.type === 'ArrowFunctionExpression') this.arrow(argument, here)
      // A method that is refused is refused once.
      else if (!METHODS.has(method ?? '')) this.visit(argument, here)
      // Only functions written here are ever called: one that is reached as a value stays a value.
      else this.refuse(argument, 'a function that is not written out', 'write x => value')
    }
  }

  /** `Date.parse` alone reads a time that names no zone as that of the machine. */
  private parsesTime(callee: AnyNode, here: Here): boolean {
    if (callee.type !== 'MemberExpression') return false
    return this.staticsOf(callee.object, here) === STATICS.get('Date')
  }

  /** The name of the method that is called; undefined for a function and for what must not be called. */
  private callee(callee: AnyNode, here: Here): string | undefined {
    if (callee.type === 'Identifier') {
      if (FUNCTIONS.has(callee.name) && !here.locals.includes(callee.name)) return undefined
      const names = [...new Set([...FUNCTIONS, ...STATICS.keys()])].join(', ')
      this.refuse(callee, `calling "${callee.name}"`, `call methods of data, or of ${names}`)
      return undefined
    }
    const name =
      callee.type === 'MemberExpression' && !callee.computed ? nameOf(callee.property) : undefined
    if (callee.type !== 'MemberExpression' || name === undefined) {
      this.refuse(callee, 'calling a computed value', 'call a method by its name')
      return undefined
    }
    const statics = this.staticsOf(callee.object, here)
    const allowed = statics ?? METHODS
    if (!allowed.has(name)) {
      this.refuse(callee.property, `the method "${name}"`, insteadOf(name, allowed))
    }
    if (statics !== undefined) return undefined
    this.object(callee.object, here)
    return name
  }

  private padding(node: AnyNode, length: AnyNode | undefined): void {
    const value = length?.type === 'Literal' ? length.value : undefined
    if (typeof value === 'number' && value <= MAX_PADDING) return
    this.refuse(length ?? node, 'a length that is not written out', `at most ${MAX_PADDING}`)
  }

  private arrow(node: Of<'ArrowFunctionExpression'>, here: Here): void {
    if (node.async || node.body.type === 'BlockStatement')
      return this.refuse(node, 'a function with statements', 'write x => value')
    const names: string[] = []
    for (const parameter of node.params) {
      if (parameter.type !== 'Identifier')
        this.refuse(parameter, 'a parameter that is no plain name', 'write (a, b) => …')
      else if (isTaken(parameter.name))
        this.refuse(parameter, `the parameter name "${parameter.name}"`, 'choose another one')
      else names.push(parameter.name)
    }
    if (names.length === node.params.length)
      this.visit(node.body, { ...here, locals: [...here.locals, ...names] })
  }

  private property(node: Of<'Property'>, here: Here): void {
    if (node.kind !== 'init' || node.method)
      return this.refuse(node, 'a method or accessor', 'write name: value')
    if (node.computed) return this.refuse(node.key, 'a computed key', 'write the name of the field')
    const name = nameOf(node.key) ?? literalName(node.key) ?? ''
    if (FORBIDDEN_PROPERTIES.has(name))
      return this.refuse(node.key, `the field "${name}"`, 'choose another name')
    this.visit(node.value, here)
  }

  private refuse(node: AnyNode, what: string, hint: string): void {
    const message = `${what} is not allowed in an expression`
    this.faults.push(fault(node.start, node.end, 'forbidden', message, hint))
  }
}

const nameOf = (node: AnyNode): string | undefined =>
  node.type === 'Identifier' ? node.name : undefined

/** The name in `a['name']`, the place in `a[0]`; undefined for what is only known when it runs. */
const literalName = (node: AnyNode): string | undefined =>
  node.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number')
    ? String(node.value)
    : undefined

/** Names that compiled code needs itself. */
const isTaken = (name: string) =>
  STATICS.has(name) ||
  FUNCTIONS.has(name) ||
  CONSTANTS.has(name) ||
  name === 'run' ||
  name[0] === '$'

/** What people write who know JavaScript, and what an expression has for it. */
const INSTEAD: Readonly<Record<string, string>> = {
  sort: 'toSorted, which leaves the event as it is',
  reverse: 'toReversed, which leaves the event as it is',
  push: '[...list, one more]',
  unshift: '[one more, ...list]',
  pop: 'at(-1), or slice(0, -1)',
  shift: 'at(0), or slice(1)',
  splice: 'slice, or filter',
  forEach: 'map, which gives a list',
  reduceRight: 'toReversed().reduce',
  substr: 'slice',
  replace: 'replaceAll',
  match: 'includes, startsWith or split',
  search: 'indexOf',
  test: 'includes, startsWith or split',
  hasOwnProperty: 'a comparison: field !== undefined',
}

function insteadOf(name: string, allowed: ReadonlySet<string>): string {
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined
  if (instead !== undefined) return `write ${instead}`
  const near = nearest(name, allowed)
  return near === undefined ? `allowed: ${[...allowed].join(', ')}` : `did you mean "${near}"?`
}
