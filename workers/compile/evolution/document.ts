// One schema as a document: its parts, where its references lead, and whether a value fits a part of it.
import { createAjv } from '../ajv.ts'
import { isMap, type Raw } from '../raw.ts'
import type { Path } from '../yaml-file.ts'

/** A part of a document that is a schema. */
export interface Node {
  readonly doc: SchemaDocument
  readonly path: Path
  readonly schema: Raw | boolean
}

export class SchemaDocument {
  readonly root: Node
  private ajv: ReturnType<typeof createAjv> | undefined
  private readonly nodes = new Map<string, Node>()
  private readonly anchors = new Map<string, Path>()
  /** References mean something else below an $id of its own; then none is followed. */
  private followable = true

  /** `schema` compiles. */
  constructor(schema: object) {
    this.root = { doc: this, path: [], schema: schema as Raw }
    this.look([], schema)
  }

  /** The schema below a part; undefined when there is none. */
  below(node: Node, ...more: Path): Node | undefined {
    return this.at([...node.path, ...more])
  }

  /** Undefined for what leads out of the document, or cannot be followed. */
  resolve(ref: unknown): Node | undefined {
    if (typeof ref !== 'string' || !ref.startsWith('#') || !this.followable) return undefined
    const anchor = this.anchors.get(ref.slice(1))
    return this.at(anchor ?? pathOf(ref.slice(1)))
  }

  /** Undefined when nobody can say. */
  fits(node: Node, value: unknown): boolean | undefined {
    try {
      const pointer = node.path.map((part) => `/${encodeURIComponent(escaped(part))}`).join('')
      return this.checker().getSchema(`it#${pointer}`)?.(value) as boolean | undefined
    } catch {
      return undefined
    }
  }

  private checker(): ReturnType<typeof createAjv> {
    // It is a schema: the caller says so, and finding out again takes longer than all the rest.
    this.ajv ??= createAjv({ validateSchema: false }).addSchema(
      this.root.schema as Raw,
      'it',
      false,
      false,
    )
    return this.ajv
  }

  /** The same part is the same object each time. */
  private at(path: Path): Node | undefined {
    const pointer = pointerOf(path)
    const known = this.nodes.get(pointer)
    if (known !== undefined) return known
    let schema: unknown = this.root.schema
    for (const part of path)
      schema =
        typeof schema === 'object' && schema !== null && Object.hasOwn(schema, part)
          ? (schema as Record<string | number, unknown>)[part]
          : undefined
    if (!isMap(schema) && typeof schema !== 'boolean') return undefined
    const node: Node = path.length === 0 ? this.root : { doc: this, path, schema }
    this.nodes.set(pointer, node)
    return node
  }

  private look(path: Path, value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    if (path.length > 0 && '$id' in value && typeof value.$id === 'string') this.followable = false
    if ('$anchor' in value && typeof value.$anchor === 'string')
      this.anchors.set(value.$anchor, path)
    for (const [key, child] of Object.entries(value)) this.look([...path, key], child)
  }
}

const escaped = (part: string | number) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')

/** RFC 6901; the whole document is ''. */
export const pointerOf = (path: Path): string => path.map((part) => `/${escaped(part)}`).join('')

function pathOf(fragment: string): Path {
  if (fragment === '') return []
  const [first, ...parts] = fragment.split('/')
  // No pointer, and no anchor that is there: a path to nothing.
  if (first !== '') return ['\0']
  return parts.map((part) => decoded(part).replaceAll('~1', '/').replaceAll('~0', '~'))
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
