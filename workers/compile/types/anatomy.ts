// Looks into an expression: what begins at a character, what a property is taken from, which field of an object a value is.
import { parseExpressionAt, type AnyNode } from 'acorn'

export class Anatomy {
  readonly text: string
  readonly root: AnyNode | undefined

  constructor(text: string) {
    this.text = text
    try {
      this.root = parseExpressionAt(text, 0, { ecmaVersion: 'latest', sourceType: 'module' })
    } catch {
      this.root = undefined
    }
  }

  /** The widest node that begins there and for which `fits` holds. */
  at(offset: number, fits: (node: AnyNode) => boolean = () => true): AnyNode | undefined {
    return this.chain(offset).find((node) => node.start === offset && fits(node))
  }

  /** What `.name` is taken from, where the name stands at `offset`. */
  ownerOf(offset: number): string | undefined {
    const member = this.chain(offset).findLast(
      (node) => node.type === 'MemberExpression' && node.property.start === offset,
    )
    return member?.type === 'MemberExpression' ? this.source(member.object) : undefined
  }

  /**
   * The path of fields down to a character: `[]` for the whole, `['a', 'b']` for the `b` of `{ a: { b: … } }`.
   * Undefined where it is part of a computation: then it is the value of no field.
   */
  fieldAt(offset: number): readonly string[] | undefined {
    const path: string[] = []
    for (const node of this.chain(offset)) {
      switch (node.type) {
        case 'ObjectExpression':
          if (node.start === offset) return path
          break
        case 'Property':
          path.push(keyOf(node.key))
          if (node.start === offset) return path
          break
        case 'ArrayExpression':
        case 'ConditionalExpression':
        case 'LogicalExpression':
          break
        default:
          return node.start === offset ? path : undefined
      }
    }
    return path
  }

  /** The place of the outermost field that holds a character; that of the whole where there is none. */
  outerField(offset: number): number {
    const [, property] = this.chain(offset).filter(
      ({ type }, at) => at === 0 || type === 'Property',
    )
    return property?.start ?? 0
  }

  /** Whether what is written there is one side of a computation, and all of it. */
  isOperand(offset: number, source: string): boolean {
    const chain = this.chain(offset)
    return chain.some(
      (node) =>
        node.type === 'BinaryExpression' &&
        ARITHMETIC.has(node.operator) &&
        [node.left, node.right].some(
          (side) => side.start === offset && this.source(side) === source,
        ),
    )
  }

  /** What `?.` is missing behind: of the reads that begin there, the innermost that goes on without it. */
  readFrom(offset: number): AnyNode | undefined {
    const reads = this.chain(offset).filter(({ start }) => start === offset)
    const index = reads.findLastIndex(
      (node, at) =>
        isRead(node) &&
        !/^[\w$.\s]+$/.test(this.source(node)) &&
        isStrictRead(reads.slice(0, at).findLast(isRead)),
    )
    return reads[index] ?? reads.find(isRead)
  }

  /** The node that TypeScript names without its question marks. */
  named(offset: number, name: string | undefined): AnyNode | undefined {
    return this.at(
      offset,
      (node) => isRead(node) && this.source(node).replaceAll('?.', '.') === name,
    )
  }

  /** One side of a computation. */
  operand(offset: number): AnyNode | undefined {
    const chain = this.chain(offset)
    const outer = chain.findLast(({ type }) => type === 'BinaryExpression')
    if (outer?.type !== 'BinaryExpression') return undefined
    return [outer.left, outer.right].find(({ start }) => start === offset) ?? outer
  }

  /** The text of the value there: of a field, what is written behind its colon. */
  valueAt(offset: number): string {
    const property = this.at(offset, ({ type }) => type === 'Property')
    const node = property?.type === 'Property' ? property.value : this.at(offset)
    return node === undefined ? 'it' : this.source(node)
  }

  /** The object that is made there, be it by a callback, and the field that it is. */
  madeAt(offset: number): { readonly node: AnyNode | undefined; readonly path: readonly string[] } {
    const path = this.fieldAt(offset) ?? []
    const made = this.made(offset)
    if (made !== undefined) return { node: made, path: [...path.slice(0, -1), `${path.at(-1)}[]`] }
    const property = this.at(offset, ({ type }) => type === 'Property')
    return { node: property?.type === 'Property' ? property.key : this.at(offset), path }
  }

  /** A field of what the callback of a field makes. */
  madeField(offset: number, name: string): Extract<AnyNode, { type: 'Property' }> | undefined {
    const made = this.made(offset)
    return made?.properties.find(
      (property) => property.type === 'Property' && keyOf(property.key) === name,
    ) as Extract<AnyNode, { type: 'Property' }> | undefined
  }

  private made(offset: number): Extract<AnyNode, { type: 'ObjectExpression' }> | undefined {
    const property = this.at(offset, ({ type }) => type === 'Property')
    const value = property?.type === 'Property' ? property.value : undefined
    const made = value?.type === 'CallExpression' ? mapped(value) : undefined
    return made?.type === 'ObjectExpression' ? made : undefined
  }

  source({ start, end }: AnyNode): string {
    return this.text.slice(start, end)
  }

  /** From the outermost node inwards, those that hold a character. */
  private chain(offset: number): AnyNode[] {
    const chain: AnyNode[] = []
    for (let next = this.root; next !== undefined;) {
      chain.push(next)
      next = children(next).find(({ start, end }) => start <= offset && offset < end)
    }
    return chain
  }
}

const ARITHMETIC: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '<',
  '<=',
  '>',
  '>=',
])

export function children(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter(
      (value): value is AnyNode =>
        typeof value === 'object' && value !== null && typeof value.type === 'string',
    )
}

export function keyOf(key: AnyNode): string {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}

/** What `list.map(x => …)` makes of each. */
export function mapped({
  callee,
  arguments: [callback],
}: Extract<AnyNode, { type: 'CallExpression' }>): AnyNode | undefined {
  const isMap = callee.type === 'MemberExpression' && keyOf(callee.property) === 'map'
  return isMap && callback?.type === 'ArrowFunctionExpression' ? callback.body : undefined
}

const isRead = ({ type }: AnyNode) =>
  type === 'Identifier' || type === 'MemberExpression' || type === 'CallExpression'

const isStrictRead = (node: AnyNode | undefined) =>
  (node?.type === 'MemberExpression' || node?.type === 'CallExpression') && !node.optional
