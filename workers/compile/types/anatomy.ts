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
