// Prints groups of dead letters and single letters as tables for people; nothing in a letter can steer the terminal.
import { styleText } from 'node:util'
import { printable } from '../../compile/render.ts'
import { placeText, type Spot } from './letter.ts'
import type { Group, Survey } from './survey.ts'

type Format = Parameters<typeof styleText>[0]
type Paint = (format: Format, text: string) => string

export interface SurveyStyle {
  readonly color: boolean
  /** Columns of the terminal; what is longer is cut. */
  readonly width: number
  readonly isStream: (destination: string) => boolean
}

export function renderSurvey(
  survey: Survey,
  destinations: readonly string[],
  style: SurveyStyle,
): string {
  const paint: Paint = (format, text) =>
    style.color ? styleText(format, text, { validateStream: false }) : text
  const groups = survey.sorted()
  const lines = destinations.flatMap((name) => [...section(name, groups, survey, style, paint), ''])
  return `${lines.join('\n').trimEnd()}\n`
}

function section(
  destination: string,
  all: readonly Group[],
  survey: Survey,
  style: SurveyStyle,
  paint: Paint,
): string[] {
  const groups = all.filter((group) => group.destination === destination)
  const foreign = survey.foreign.get(destination) ?? 0
  const open = groups.reduce((sum, { counts }) => sum + counts.open, 0)
  const rest =
    foreign === 0
      ? []
      : [
          `  ${paint('yellow', `${foreign} ${foreign === 1 ? 'message is' : 'messages are'} no letter of Sluice`)}: look at ${foreign === 1 ? 'it' : 'them'} with show`,
        ]
  return [
    `${paint('bold', printable(destination))}  ${groups.length === 0 ? 'no dead letters' : `${open} open`}`,
    ...groups.flatMap((group) => groupLines(group, style, paint)),
    ...rest,
  ]
}

function groupLines(group: Group, style: SurveyStyle, paint: Paint): string[] {
  const { code, pipeline, step, reason, counts, first, last, fingerprint, latest } = group
  const done = (['replayed', 'dropped'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
  const where = `${pipeline}${step === undefined ? '' : `/${step}`}`
  const head = `  ${paint('bold', String(counts.open).padStart(6))}  ${paint(colorOf(group), `${code} ${group.class}`)}  ${printable(where)}  ${paint('dim', fingerprint)}${done.length === 0 ? '' : `  (${done.join(', ')})`}`
  const seen = time(first) === time(last) ? time(last) : `${time(first)} to ${time(last)}`
  return [
    head,
    `          ${clip(printable(reason), style.width - 10)}`,
    `          ${paint('dim', `${seen}, the latest at ${placeText(latest, style.isStream(latest.destination))}`)}`,
  ]
}

const colorOf = ({ class: failure }: Group): Format =>
  failure === 'defect' ? 'red' : failure === 'invalid' ? 'magenta' : 'yellow'

/** What names a letter is never cut: it is what the other commands are given. */
export function renderEntries(
  { entries, more }: Pick<Survey, 'entries' | 'more'>,
  style: SurveyStyle,
): string {
  const rows = entries.map(({ letter, status, fingerprint }) => {
    const { spot, failedAt, code, pipeline, step, id } = letter
    const where = `${pipeline}${step === undefined ? '' : `/${step}`}`
    return [placeAt(spot, style), time(failedAt), status, code, where, fingerprint, id ?? '–']
  })
  const head = ['place', 'failed at', 'status', 'code', 'where', 'group', 'event']
  const shown = [head, ...rows].map((row) =>
    row.map((cell, column) => (column === 0 ? printable(cell) : clip(printable(cell), 50))),
  )
  const widths = head.map((_title, column) =>
    Math.max(...shown.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) => {
    const [place = '', ...rest] = row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
    const about = rest.join('  ').trimEnd()
    return `${place}  ${clip(about, Math.max(1, style.width - place.length - 2))}`
  }
  const left = more === 0 ? '' : `… and ${more} more: --limit ${entries.length + more} shows all\n`
  return `${shown.map(line).join('\n')}\n${left}`
}

const placeAt = (spot: Spot, { isStream }: SurveyStyle) =>
  `${spot.destination} ${placeText(spot, isStream(spot.destination))}`

/** To the second, in UTC. */
const time = (iso: string) => iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z')

const clip = (text: string, width: number) =>
  text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`
