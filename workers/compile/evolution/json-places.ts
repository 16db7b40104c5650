// Finds the parts of a JSON file by their paths.
import { getLineInfo, parseExpressionAt, type Expression, type Node as JsNode } from 'acorn'
import type { Place } from '../diagnostics.ts'
import type { Path } from '../yaml-file.ts'

export class JsonPlaces {
  private readonly file: string
  private readonly text: string
  private readonly root: Expression | undefined

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
    this.root = parsed(text)
  }

  /** The key that ends a path, or the item; the nearest one above when there is none. */
  at(path: Path): Place {
    let node: JsNode | undefined = this.root
    let found: JsNode | undefined = node && { ...node, end: node.start + 1 }
    for (const part of path) {
      const next: { key: JsNode; value: JsNode } | undefined = node && childOf(node, part)
      if (next === undefined) break
      found = next.key
      node = next.value
    }
    if (found === undefined) return { file: this.file, line: 1, column: 1, length: 1 }
    const { line, column } = getLineInfo(this.text, found.start)
    return { file: this.file, line, column: column + 1, length: found.end - found.start }
  }
}

/** JSON is JavaScript, whose parser says where things stand. */
function parsed(text: string): Expression | undefined {
  try {
    return parseExpressionAt(text, 0, { ecmaVersion: 'latest' })
  } catch {
    return undefined
  }
}

function childOf(node: JsNode, part: string | number): { key: JsNode; value: JsNode } | undefined {
  const { type, properties, elements } = node as Partial<ObjectNode> & Partial<ArrayNode> & JsNode
  if (type === 'ArrayExpression') {
    const item = elements?.[Number(part)]
    return item ? { key: item, value: item } : undefined
  }
  // Of a key that is written twice the last counts.
  return properties?.findLast(({ key }) => key.value === String(part))
}

interface ObjectNode {
  readonly properties: readonly {
    readonly key: JsNode & { value?: unknown }
    readonly value: JsNode
  }[]
}
interface ArrayNode {
  readonly elements: readonly (JsNode | null)[]
}
