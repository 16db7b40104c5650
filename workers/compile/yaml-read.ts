// Reads one YAML file within limits; hostile input becomes a diagnostic in bounded time, never an exception.
import { isUtf8 } from 'node:buffer'
import { Composer, isScalar, LineCounter, Parser, visit, type Document, type YAMLError } from 'yaml'
import type { Diagnostics } from './diagnostics.ts'
import { keyOf, placeAt, YamlFile } from './yaml-file.ts'
import { isShallow, isUsable, type Report } from './yaml-tokens.ts'

export const MAX_BYTES = 256 * 1024
/** Names that mean something else to JavaScript than to the user. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  strict: true,
  // Checked here: the library compares each key with each other one.
  uniqueKeys: false,
  stringKeys: true,
  merge: false,
  resolveKnownTags: false,
  prettyErrors: false,
} as const

/** Undefined when nothing can be made of the file; then there is at least one diagnostic. */
export function readYaml(file: string, bytes: Uint8Array, out: Diagnostics): YamlFile | undefined {
  const text = textOf(file, bytes, out)
  if (text === undefined) return undefined
  const lines = linesOf(text)
  const report: Report = (code, { offset, length }, message, hint) =>
    out.error(code, placeAt(file, text, lines, offset, length), message, hint)
  try {
    if (!isShallow(text, report)) return undefined
    const tokens = [...new Parser().parse(text)]
    if (!isUsable(tokens, report)) return undefined
    const [document] = new Composer({ ...OPTIONS }).compose(tokens, true, text.length)
    if (document === undefined || isEmpty(document)) {
      const hint = 'fill it, or remove it'
      out.error('SLU0104', { file, line: 1, column: 1, length: 1 }, 'the file is empty', hint)
      return undefined
    }
    if (!wellFormed(document, report)) return undefined
    return new YamlFile(file, text, document, lines)
  } catch (error) {
    const message = `the file cannot be read: ${(error as Error).message}`
    report('SLU0106', { offset: 0, length: 1 }, message, 'write it in plain YAML 1.2')
    return undefined
  }
}

function textOf(file: string, bytes: Uint8Array, out: Diagnostics): string | undefined {
  const start = { file, line: 1, column: 1, length: 1 }
  if (bytes.length > MAX_BYTES) {
    const message = `the file has ${bytes.length} bytes`
    out.error('SLU0101', start, message, `keep it below ${MAX_BYTES} bytes`)
    return undefined
  }
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  const odd = text.search(isUtf8(bytes) ? /\0/ : /[\uFFFD\0]/)
  if (odd === -1) return text
  const before = text.slice(0, odd).split('\n')
  const place = { ...start, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  out.error('SLU0102', place, 'the file is not UTF-8 text', 'save it as UTF-8')
  return undefined
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
    lines.addNewLine(at + 1)
  return lines
}

const isEmpty = ({ contents, errors }: Document) =>
  errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null))

/**
 * False when the value cannot be relied on. A key that is written twice hides nothing else; what follows the first
 * fault of syntax is mostly its echo.
 */
function wellFormed(document: Document, report: Report): boolean {
  let fine = true
  const [fault]: YAMLError[] = [...document.errors, ...document.warnings]
  if (fault !== undefined) {
    fine = false
    const span = { offset: fault.pos[0], length: fault.pos[1] - fault.pos[0] }
    const [message, hint] = wordsFor(fault)
    report('SLU0106', span, message, hint)
  }
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<string>()
      for (const pair of items) {
        const { key } = pair
        if (!isScalar(key)) continue
        const name = keyOf(pair)
        const [from, to] = key.range ?? [0, 1]
        const span = { offset: from, length: to - from }
        const shown = name.slice(0, 60)
        if (FORBIDDEN.has(name)) {
          fine = false
          report('SLU0106', span, `the key "${shown}"`, 'choose another name')
        } else if (seen.has(name))
          report('SLU0106', span, `the key "${shown}" is written twice`, 'keep one of them')
        seen.add(name)
      }
    },
  })
  return fine
}

function wordsFor({ code, message }: YAMLError): readonly [message: string, hint: string] {
  if (code === 'NON_STRING_KEY') return ['a key that is no text', 'write a plain name']
  const said = message.replace(/\s+/g, ' ').slice(0, 200)
  if (code === 'TAB_AS_INDENT') return [said, 'indent with spaces']
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'BAD_INDENT')
    return [said, 'look at the indentation: what belongs together begins in the same column']
  return [said, 'mend the YAML here; quote the value if it holds one of : # { } [ ] , & * ? | > %']
}
