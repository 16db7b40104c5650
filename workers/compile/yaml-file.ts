// One YAML file after reading: its value, and where everything in it stands.
import {
  isMap,
  isScalar,
  isSeq,
  visit,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Place } from './diagnostics.ts'

export type Path = readonly (string | number)[]

export class YamlFile {
  /** As the user would type it. */
  readonly file: string
  readonly text: string
  readonly value: unknown
  private readonly root: Node | undefined
  private readonly lines: LineCounter
  /** Maps can be large: a place is found without searching them. */
  private readonly pairs = new Map<YAMLMap, Map<string, Pair>>()

  constructor(file: string, text: string, document: Document, lines: LineCounter) {
    this.file = file
    this.text = text
    this.root = (document.contents as Node | null) ?? undefined
    this.lines = lines
    this.value = document.toJS({ maxAliasCount: 0 }) as unknown
    visit(document, {
      Map: (_key, map) => {
        // Of a key that is written twice the last counts, as it does in the value.
        const named = map.items.map((pair): [string, Pair] => [keyOf(pair), pair])
        this.pairs.set(map, new Map(named))
      },
    })
  }

  /** The value at a path; the nearest one above when there is none. */
  at(path: Path): Place {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = this.node(path.slice(0, depth))
      if (node?.range) return this.place(node.range[0], node.range[1] - node.range[0])
    }
    return this.place(0, 1)
  }

  /** The key that ends a path. */
  key(path: Path): Place {
    const parent = this.node(path.slice(0, -1))
    const pair = isMap(parent) ? this.pairs.get(parent)?.get(String(path.at(-1))) : undefined
    if (isScalar(pair?.key) && pair.key.range)
      return this.place(pair.key.range[0], pair.key.range[1] - pair.key.range[0])
    return this.at(path)
  }

  scalar(path: Path): Scalar | undefined {
    const node = this.node(path)
    return isScalar(node) ? node : undefined
  }

  /** Never underlines beyond the end of its line. */
  place(offset: number, length: number): Place {
    return placeAt(this.file, this.text, this.lines, offset, length)
  }

  private node(path: Path): Node | undefined {
    let node = this.root
    for (const part of path) {
      if (isMap(node))
        node = this.pairs.get(node)?.get(String(part))?.value as Node | null | undefined as
          Node | undefined
      else if (isSeq(node)) node = node.items[Number(part)] as Node | undefined
      else return undefined
    }
    return node ?? undefined
  }
}

export const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '')

export function placeAt(
  file: string,
  text: string,
  lines: LineCounter,
  offset: number,
  length: number,
): Place {
  const from = Math.max(0, Math.min(offset, text.length))
  const { line, col } = lines.linePos(from)
  const end = text.indexOf('\n', from)
  const rest = (end === -1 ? text.length : end) - from
  return {
    file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    length: Math.max(1, Math.min(length, rest)),
  }
}
