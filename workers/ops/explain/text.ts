// Prints what holds and where it comes from, for people: one table a section.
import { styleText } from 'node:util'
import { printable } from '../../compile/render.ts'
import type { Origin, Section } from './value.ts'

/** An expression may be long, and is in its file. */
const LONGEST = 56

export function explainText(sections: readonly Section[], { color }: { color: boolean }): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text
  return sections
    .map(({ kind, name, values }) => {
      const rows = values.map(({ path, value, origin }) => [path, shown(value), said(origin)])
      const [first = 0, second = 0] = [0, 1].map((column) =>
        Math.max(...rows.map((row) => row[column]?.length ?? 0)),
      )
      const lines = rows.map(
        ([path = '', value = '', origin = '']) =>
          `  ${path.padEnd(first)}  ${value.padEnd(second)}  ${paint('dim', `← ${origin}`)}`,
      )
      return [paint('bold', `${kind} ${printable(name)}`), ...lines, ''].join('\n')
    })
    .join('\n')
}

function shown(value: unknown): string {
  if (value === null) return '–'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = printable(text.trim().replace(/\s+/g, ' '))
  if (line === '') return '""'
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}

function said(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default'
    case 'derived':
      return origin.from
    case 'variable':
      return origin.name
    case 'unused':
      return `not used: ${origin.by} is set`
    case 'policy':
      return `policy ${origin.name}, ${at(origin)}`
    case 'file':
      return at(origin)
    case 'environment': {
      const unset = origin.unset.map((name) => `${name} is not set`)
      return [...origin.set, ...unset, at(origin)].join(', ')
    }
  }
}

const at = ({ file, line, column }: { file: string; line: number; column: number }) =>
  `${file}:${line}:${column}`
