// Prints diagnostics: where, what, the lines around it, and what to do next; nothing in a file can steer the terminal.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Place } from './diagnostics.ts'
import { plainFile } from './files.ts'

export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  root: string,
  { color }: { color: boolean },
): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text
  const sources = new Map<string, readonly string[]>()
  for (const { file, line, column, length } of diagnostics.filter(({ code }) => code === SECRET))
    sources.set(file, withoutSecret(linesOf(root, file, sources), line, column, length))
  const blocks = diagnostics.map((diagnostic) => {
    const { severity, code, message, file, line, column, hint } = diagnostic
    const word = severity === 'error' ? paint('red', 'error') : paint('yellow', 'warning')
    const place = paint('bold', `${printable(file)}:${line}:${column}`)
    return [
      `${place}  ${word} ${code}  ${printable(message)}`,
      ...frame(diagnostic, linesOf(root, file, sources)),
      `    ${paint('cyan', 'hint:')} ${printable(hint)}`,
    ].join('\n')
  })
  return `${[...blocks, summary(diagnostics)].join('\n\n')}\n`
}

export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const list = diagnostics.map(({ severity, code, message, file, line, column, hint }) => ({
    severity,
    code,
    message,
    file,
    line,
    column,
    hint,
  }))
  return JSON.stringify({ version: 1, diagnostics: list })
}

/** The lines of a project's files around places in them, as diagnostics show them; each file is read once. */
export function codeFrames(root: string): (place: Place) => string[] {
  const sources = new Map<string, readonly string[]>()
  return (place) => frame(place, linesOf(root, place.file, sources))
}

/** No more than a configuration or a schema may have. */
const MAX_BYTES = 1024 * 1024

function linesOf(
  root: string,
  file: string,
  sources: Map<string, readonly string[]>,
): readonly string[] {
  const known = sources.get(file)
  if (known !== undefined) return known
  let lines: readonly string[] = []
  try {
    const path = join(root, file)
    if (plainFile(path).size <= MAX_BYTES)
      lines = readFileSync(path, 'utf8')
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)
  } catch {
    // It is gone, or was never there: then there is nothing to show.
  }
  sources.set(file, lines)
  return lines
}

/** A secret is written out: what is printed goes into the logs of CI. */
const SECRET = 'SLU0209'

/** Stars in place of the value, and of the lines of a block that begins there. */
function withoutSecret(
  lines: readonly string[],
  line: number,
  column: number,
  length: number,
): readonly string[] {
  const indent = (text: string) => text.search(/\S|$/)
  const key = lines[line - 1] ?? ''
  const isBlock = /^[|>]/.test(key.slice(column - 1))
  let inBlock = isBlock
  return lines.map((text, index) => {
    if (index < line - 1) return text
    if (index === line - 1)
      return isBlock
        ? text
        : text.slice(0, column - 1) + '*'.repeat(length) + text.slice(column - 1 + length)
    inBlock &&= text.trim() === '' || indent(text) > indent(key)
    return inBlock ? text.replace(/\S/gu, '*') : text
  })
}

const WIDTH = 120
/** Characters before the mark that stay in sight in a long line. */
const BEFORE = 60

/** The line before, the line itself, and a mark below what is meant. */
function frame({ line, column, length }: Place, lines: readonly string[]): string[] {
  const text = lines[line - 1]
  if (text === undefined) return []
  const gutter = String(line).length + 2
  const from = column > WIDTH - 20 ? column - 1 - BEFORE : 0
  const row = (number: string, content: string) => `  ${number.padStart(gutter)} | ${content}`
  const part = (whole: string) =>
    `${from > 0 ? '…' : ''}${printable(whole.slice(from, from + WIDTH))}${whole.length > from + WIDTH ? '…' : ''}`
  const blank = width(printable(text.slice(from, column - 1))) + (from > 0 ? 1 : 0)
  const marked = text.slice(column - 1, Math.min(column - 1 + length, from + WIDTH))
  const mark = ' '.repeat(blank) + '^'.repeat(Math.max(1, width(printable(marked))))
  const before = line > 1 ? [row(String(line - 1), part(lines[line - 2] ?? ''))] : []
  return [...before, row(String(line), part(text)), row('', mark)]
}

/** Nothing that moves a cursor or turns text around reaches the terminal. */
export const printable = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    char === '\t' ? ' ' : `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`,
  )

const WIDE =
  /[\p{Extended_Pictographic}--[\p{ASCII}\u00a9\u00ae]]|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/v

/** Columns of a terminal, near enough for a mark to stand below its word. */
function width(text: string): number {
  let columns = 0
  for (const char of text) columns += /\p{M}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1
  return columns
}

function summary(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return 'no mistakes found'
  const count = (severity: Diagnostic['severity']) => {
    const n = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return n === 0 ? [] : [plural(n, severity)]
  }
  const files = new Set(diagnostics.map(({ file }) => file)).size
  return `${[...count('error'), ...count('warning')].join(', ')} in ${plural(files, 'file')}`
}

const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
