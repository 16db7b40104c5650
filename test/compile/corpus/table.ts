// The table of the corpus, the same on the screen and in docs/corpus.md.
import type { Diagnostic } from '../../../workers/core/diagnostic.ts'
import type { Variant } from './corpus.ts'
import { isCaught, type Verdict } from './verdict.ts'

export interface Outcome {
  readonly verdicts: readonly Verdict[]
  readonly correct: readonly { readonly variant: Variant; readonly said: readonly Diagnostic[] }[]
}

/** Least share of mistakes that are refused at the right line with a right hint, in percent. */
export const LEAST = 97

export const falseAlarms = ({ correct }: Outcome) => correct.filter(({ said }) => said.length > 0)
export const misses = ({ verdicts }: Outcome) => verdicts.filter((one) => !isCaught(one))
export const share = ({ verdicts }: Outcome) =>
  (100 * verdicts.filter(isCaught).length) / verdicts.length
export const passes = (outcome: Outcome) =>
  share(outcome) >= LEAST && falseAlarms(outcome).length === 0

export function table(outcome: Outcome): string {
  const { verdicts, correct } = outcome
  const categories = [...new Set(verdicts.map(({ mistake }) => mistake.category))]
  const rows = categories.map((category) =>
    row(
      category,
      verdicts.filter(({ mistake }) => mistake.category === category),
    ),
  )
  const head = [
    'mistakes',
    'seeded',
    'refused',
    'right line',
    'right hint',
    'all three',
    'follow-ups',
  ]
  return [
    ...aligned([head, ...rows, row('all', verdicts)]),
    '',
    `Correct variants: ${correct.length}, false alarms: ${falseAlarms(outcome).length}.`,
  ].join('\n')
}

function row(name: string, verdicts: readonly Verdict[]): string[] {
  const count = (is: (verdict: Verdict) => boolean) => String(verdicts.filter(is).length)
  const caught = verdicts.filter(isCaught).length
  return [
    name,
    String(verdicts.length),
    count(({ refused }) => refused),
    count(({ rightLine }) => rightLine),
    count(({ rightHint }) => rightHint),
    `${((100 * caught) / verdicts.length).toFixed(1)} %`,
    String(verdicts.reduce((sum, { followUps }) => sum + followUps, 0)),
  ]
}

function aligned([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_title, at) =>
    Math.max(...[head, ...rows].map((cells) => (cells[at] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(head), line(rule), ...rows.map(line)]
}

/** Each miss and each false alarm, with what was said instead. */
export const shortcomings = (outcome: Outcome): string[] => [
  ...misses(outcome).map(
    ({ mistake, refused, rightLine, wanted, said }) =>
      `${mistake.category}: ${mistake.what}\n  ${refused ? (rightLine ? 'wrong hint' : 'wrong line') : 'not refused'}; wanted ${wanted}${spoken(said)}`,
  ),
  ...falseAlarms(outcome).map(({ variant, said }) => `false alarm: ${variant.what}${spoken(said)}`),
]

/** What is said beyond the first error. */
export const followUps = ({ verdicts }: Outcome): string[] =>
  verdicts
    .filter((verdict) => verdict.followUps > 0)
    .map(({ mistake, said }) => `follow-ups of ${mistake.category}: ${mistake.what}${spoken(said)}`)

const spoken = (said: readonly Diagnostic[]) =>
  said
    .map(({ file, line, column, code, message, hint }) => {
      return `\n    ${file}:${line}:${column} ${code} ${message} (${hint})`
    })
    .join('')
