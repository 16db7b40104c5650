// Prints diagnostics: where, what, the lines around it, and what to do next.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import type { Diagnostic } from '../core/diagnostic.ts'

export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  root: string,
  { color }: { color: boolean },
): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text
  const sources = new Map<string, string[]>()
  const blocks = diagnostics.map((diagnostic) => {
    const { severity, code, message, file, line, column, hint } = diagnostic
    const word = severity === 'error' ? paint('red', 'error') : paint('yellow', 'warning')
    const head = `${paint('bold', `${file}:${line}:${column}`)}  ${word} ${code}  ${printable(message)}`
    return [
      head,
      ...frame(diagnostic, linesOf(root, file, sources)),
      `    ${paint('cyan', 'hint:')} ${printable(hint)}`,
    ].join('\n')
  })
  return `${blocks.join('\n\n')}\n\n${summary(diagnostics)}\n`
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

function linesOf(root: string, file: string, sources: Map<string, string[]>): string[] {
  let lines = sources.get(file)
  if (lines === undefined) {
    try {
      lines = readFileSync(join(root, file), 'utf8').split(/\r?\n/)
    } catch {
      lines = []
    }
    sources.set(file, lines)
  }
  return lines
}

/** The line before, the line itself, and a mark below what is meant. */
function frame({ line, column, length }: Diagnostic, lines: readonly string[]): string[] {
  const text = lines[line - 1]
  if (text === undefined) return []
  const width = String(line).length
  const row = (number: number, content: string) =>
    `  ${String(number).padStart(width + 2)} | ${printable(content).slice(0, 160)}`
  const marks = Math.max(1, Math.min(length, text.length - column + 1))
  const mark = `  ${' '.repeat(width + 2)} | ${' '.repeat(Math.min(column - 1, 160))}${'^'.repeat(Math.min(marks, 100))}`
  const before = line > 1 ? [row(line - 1, lines[line - 2] ?? '')] : []
  return [...before, row(line, text), mark]
}

/** Nothing that moves a cursor or turns text around reaches the terminal. */
const printable = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (char) =>
    char === '\t' ? ' ' : `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`,
  )

function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity'], word: string) => {
    const n = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`]
  }
  const files = new Set(diagnostics.map(({ file }) => file)).size
  return `${[...count('error', 'error'), ...count('warning', 'warning')].join(', ')} in ${files} file${files === 1 ? '' : 's'}`
}
