// The tables of docs/guarantees.md, from a run of the suite. What is between its marks is written here, everything else by people.
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { format } from 'prettier'
import { ELSEWHERE } from './elsewhere.ts'
import { CELLS, SINKS, type Cell } from './matrix/cells.ts'
import { POINTS } from './failpoints/point.ts'
import type { Result } from './runner.ts'
import { SCENARIOS } from './scenarios/index.ts'
import { SOURCES } from './stage/line.ts'

const FILE = resolve(import.meta.dirname, '../../docs/guarantees.md')

export interface Run {
  readonly command: string
  readonly date: string
  readonly results: readonly Result[]
}

/** Only what the run has something to say about: other rows, and cells, stay as the run before left them. */
export async function writeGuarantees(run: Run): Promise<void> {
  let text = await readFile(FILE, 'utf8')
  const faults = run.results.filter(({ cell }) => cell === undefined)
  const cells = run.results.filter(({ cell }) => cell !== undefined)
  if (faults.length > 0)
    text = between(text, 'faults', faultTable(run.date, faults, rowsOf(text, 'faults')))
  if (cells.length > 0) text = between(text, 'matrix', `${said(run)}\n\n${matrixTable(cells)}`)
  text = between(text, 'elsewhere', elsewhereTable())
  await writeFile(FILE, await format(text, { parser: 'markdown' }))
}

const said = ({ command, date }: Run) => `Written by \`${command}\` on ${date}.`

function between(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${FILE} has no place for ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`
}

const row = (...cells: readonly (string | number)[]) =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`

/** By their first cell, those of an earlier run. */
function rowsOf(text: string, name: string): ReadonlyMap<string, string> {
  const part = text.slice(
    text.indexOf(`<!-- ${name}: begin -->`),
    text.indexOf(`<!-- ${name}: end -->`),
  )
  const rows = part.split('\n').filter((line) => line.startsWith('| F'))
  return new Map(rows.map((line) => [line.split('|')[1]?.trim() ?? '', line]))
}

function faultTable(
  date: string,
  results: readonly Result[],
  before: ReadonlyMap<string, string>,
): string {
  const now = new Map(
    results.map(({ fault, name, does, then, account, failures }) => [
      `${fault} ${name}`,
      row(
        `${fault} ${name}`,
        does,
        then,
        account?.lost.length ?? '?',
        account === undefined ? '?' : `${account.repeats} of ${account.allowed}`,
        `${failures.length === 0 ? '✓' : '✗'} ${date}`,
      ),
    ]),
  )
  const titles = SCENARIOS.map(({ fault, name }) => `${fault} ${name}`)
  return [
    row('scenario', 'what is done', 'what happens', 'lost', 'done again, of what may be', 'run'),
    row('---', '---', '---', '---', '---', '---'),
    ...titles.flatMap((title) => now.get(title) ?? before.get(title) ?? []),
  ].join('\n')
}

function matrixTable(results: readonly Result[]): string {
  const found = new Map(
    results.flatMap((result) => (result.cell ? [[keyOf(result.cell), result]] : [])),
  )
  const columns = SOURCES.flatMap((source) => SINKS.map((sink) => ({ source, sink })))
  const cellText = (cell: Cell) => {
    if (!CELLS.some((one) => keyOf(one) === keyOf(cell))) return ''
    const result = found.get(keyOf(cell))
    if (result === undefined) return '·'
    const worst = String(result.account?.worst[cell.sink] ?? '?')
    return result.failures.length === 0 ? worst : `✗ ${worst}`
  }
  return [
    row('killed', ...columns.map(({ source, sink }) => `${source} → ${sink}`)),
    row(...['killed', ...columns].map(() => '---')),
    ...POINTS.map((point) =>
      row(point, ...columns.map((column) => cellText({ point, ...column }))),
    ),
  ].join('\n')
}

const keyOf = ({ point, source, sink }: Cell) => `${point} ${source} ${sink}`

const elsewhereTable = () =>
  [
    row('fault', 'what it is', 'shown by', 'why not here'),
    row('---', '---', '---', '---'),
    ...ELSEWHERE.map(({ fault, what, shownBy, why }) =>
      row(fault, what, shownBy ?? 'nothing', why),
    ),
  ].join('\n')
