// Reads one YAML file within limits and keeps where everything stands; hostile input becomes a diagnostic, never an exception.
import { isUtf8 } from 'node:buffer'
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Diagnostics, Place } from './diagnostics.ts'

const MAX_BYTES = 256 * 1024
const MAX_DEPTH = 64
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

export type Path = readonly (string | number)[]

export class YamlFile {
  /** As the user would type it. */
  readonly file: string
  readonly text: string
  readonly value: unknown
  private readonly document: Document
  private readonly lines: LineCounter

  constructor(file: string, text: string, document: Document, lines: LineCounter) {
    this.file = file
    this.text = text
    this.document = document
    this.lines = lines
    this.value = document.toJS({ maxAliasCount: 0 }) as unknown
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
    const name = path.at(-1)
    if (isMap(parent)) {
      const pair = lastPair(parent, name)
      if (isPair(pair) && isScalar(pair.key) && pair.key.range)
        return this.place(pair.key.range[0], pair.key.range[1] - pair.key.range[0])
    }
    return this.at(path)
  }

  scalar(path: Path): Scalar | undefined {
    const node = this.node(path)
    return isScalar(node) ? node : undefined
  }

  place(offset: number, length: number): Place {
    const { line, col } = this.lines.linePos(Math.max(0, Math.min(offset, this.text.length)))
    return {
      file: this.file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      length: Math.max(1, length),
    }
  }

  private node(path: Path): Node | undefined {
    let node = this.document.contents as Node | null | undefined
    for (const part of path) {
      if (isMap(node)) node = (lastPair(node, part)?.value ?? undefined) as Node | undefined
      else if (isSeq(node)) node = node.items[Number(part)] as Node | undefined
      else return undefined
    }
    return node ?? undefined
  }
}

/** Of a key that stands twice the last one counts, as it does for the value. */
function lastPair(map: YAMLMap, name: unknown) {
  return map.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(name))
}

/** Undefined when nothing can be made of the file; then there is at least one diagnostic. */
export function readYaml(file: string, bytes: Uint8Array, out: Diagnostics): YamlFile | undefined {
  const start: Place = { file, line: 1, column: 1, length: 1 }
  if (bytes.length > MAX_BYTES) {
    out.error(
      'SLU0101',
      start,
      `the file has ${bytes.length} bytes`,
      `keep it below ${MAX_BYTES} bytes`,
    )
    return undefined
  }
  if (!isUtf8(bytes) || bytes.includes(0)) {
    out.error('SLU0102', start, 'the file is not UTF-8 text', 'save it as UTF-8')
    return undefined
  }
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  const deep = tooDeep(text)
  if (deep !== undefined) {
    const line = text.slice(0, deep).split('\n').length
    out.error('SLU0103', { ...start, line }, `nested deeper than ${MAX_DEPTH} levels`, 'flatten it')
    return undefined
  }
  return parseText(file, text, out)
}

function parseText(file: string, text: string, out: Diagnostics): YamlFile | undefined {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    lineCounter: lines,
  })
  const [document] = documents
  const start: Place = { file, line: 1, column: 1, length: 1 }
  if (!Array.isArray(documents) || document === undefined || document.contents === null) {
    out.error(
      'SLU0104',
      start,
      'the file is empty',
      'see pipelines/predictions.yaml for how a file looks',
    )
    return undefined
  }
  if (documents.length > 1)
    out.error(
      'SLU0105',
      start,
      'the file holds several documents',
      'one file, one document: remove the "---" lines',
    )
  let clean = documents.length === 1
  const report = (
    offset: number,
    length: number,
    message: string,
    hint: string,
    usable: boolean,
  ) => {
    clean &&= usable
    const { line, col } = lines.linePos(offset)
    out.error('SLU0106', { file, line, column: col, length: Math.max(1, length) }, message, hint)
  }
  const spoken = [...document.errors, ...document.warnings]
  const duplicates = spoken.filter(({ code }) => code === 'DUPLICATE_KEY')
  // What follows the first fault of syntax is mostly its echo.
  const broken = spoken.filter(({ code }) => code !== 'DUPLICATE_KEY').slice(0, 1)
  for (const { pos, message, code } of [...duplicates, ...broken])
    report(
      pos[0],
      pos[1] - pos[0],
      message.replace(/\s+/g, ' '),
      hintFor(code),
      code === 'DUPLICATE_KEY',
    )
  refuse(document, report)
  return clean ? new YamlFile(file, text, document, lines) : undefined
}

/** Aliases, tags and names that are more trouble than they are worth in a configuration. */
function refuse(
  document: Document,
  report: (offset: number, length: number, message: string, hint: string, usable: boolean) => void,
): void {
  visit(document, {
    Node(_key, node) {
      const [from, to] = node.range ?? [0, 1]
      if (isAlias(node))
        report(
          from,
          to - from,
          `the alias *${node.source}`,
          'write the value out: anchors and aliases are not read',
          false,
        )
      else if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:'))
        report(from, to - from, `the tag ${node.tag}`, 'remove it: tags are not read', false)
    },
    Pair(_key, { key }) {
      if (!isScalar(key) || !FORBIDDEN.has(String(key.value))) return
      const [from, to] = key.range ?? [0, 1]
      report(from, to - from, `the key "${String(key.value)}"`, 'choose another name', false)
    },
  })
}

function hintFor(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'keep one of them'
  if (code === 'TAB_AS_INDENT') return 'indent with spaces'
  if (code === 'MULTIPLE_DOCS') return 'one file, one document'
  return 'mend the YAML here; quote the value if it holds one of : # { } [ ] , & * ? | > %'
}

/** Where brackets or indentation go too deep; checked before parsing, because parsers recurse. */
function tooDeep(text: string): number | undefined {
  let flow = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '[' || char === '{') {
      if (++flow > MAX_DEPTH * 2) return i
    } else if (char === ']' || char === '}') flow = Math.max(0, flow - 1)
    else if (char === '\n') flow = Math.max(0, flow)
  }
  const block = /^(?:- ?|\? ?| ){200,}/m.exec(text)
  return block?.index
}
