// Prints a plan for people: per broker what would be made, changed or removed, what is refused and why; no name can steer the terminal.
import { styleText } from 'node:util'
import { printable } from '../compile/render.ts'
import type { Change, Drift, Place, Plan, Settings, Value } from './changes.ts'

type Format = Parameters<typeof styleText>[0]
type Paint = (format: Format, text: string) => string

const painter =
  (color: boolean): Paint =>
  (format, text) =>
    color ? styleText(format, text, { validateStream: false }) : text

const COLOR: Readonly<Record<Change['symbol'], Format>> = {
  '+': 'green',
  '~': 'yellow',
  '-': 'red',
  '!': 'red',
}

export function renderPlan(plan: Plan, { color }: { color: boolean }): string {
  const paint = painter(color)
  const sections = plan.places
    .map((place) => section(place, plan, paint))
    .filter((lines) => lines.length > 1)
  const drift = driftLines(plan.drift, paint)
  return [...sections, ...(drift.length === 0 ? [] : [drift]), [summary(plan)]]
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

/** One line, also of what was done. */
export function renderChange(change: Change, { color }: { color: boolean }): string {
  const paint = painter(color)
  const { symbol, kind, name } = change
  return `${paint(COLOR[symbol], symbol)} ${kind} ${printable(name)}  ${what(change)}`
}

function section(place: Place, plan: Plan, paint: Paint): string[] {
  const { connection, target, compared, where } = place
  const changes = plan.changes.filter((change) => change.connection === connection)
  const widest = (texts: readonly string[]) =>
    Math.min(60, Math.max(0, ...texts.map(({ length }) => length)))
  const widths = [
    widest(changes.map(({ name }) => printable(name))),
    widest(changes.map((change) => what(change))),
  ] as const
  return [
    `${paint('bold', printable(connection))}: ${printable(target)}`,
    ...changes.flatMap((change) => changeLines(change, widths, paint)),
    ...(compared
      ? []
      : [
          `  ${paint('yellow', 'SLU1142')} Only what is missing is known here: what exists is not compared, and neither are its bindings.`,
          `    Add management: { port: … } to the connection (${where}).`,
        ]),
  ]
}

function changeLines(
  change: Change,
  [names, details]: readonly [number, number],
  paint: Paint,
): string[] {
  const { symbol, kind, name, risk, flag, code, reason, where } = change
  const head = `  ${paint(COLOR[symbol], symbol)} ${kind.padEnd(8)} ${printable(name).padEnd(names)}  ${what(change).padEnd(details)}`
  const verdict =
    risk === 'refused'
      ? `  ${paint('red', `refused ${code}`)}${flag === null ? '' : `, but with --allow ${flag}`}`
      : risk === 'allowed'
        ? `  ${paint('yellow', `allowed by --allow ${flag}`)}`
        : ''
  return [
    `${head}${verdict}  ${paint('dim', where)}`,
    ...(reason === null ? [] : [`             ${printable(reason)}`]),
  ]
}

/** What becomes of it, without its name. */
function what({ field, from, to }: Change): string {
  const text = (value: Change['to']) => printable(textOf(field ?? '', value as Value | null))
  if (field === 'key') return text(to ?? from)
  if (field !== null) return `${field} ${text(from)} → ${text(to)}`
  const settings = Object.entries((to ?? {}) as Settings)
  return settings.map(([name, value]) => `${name} ${textOf(name, value)}`).join(', ')
}

function driftLines(drift: readonly Drift[], paint: Paint): string[] {
  if (drift.length === 0) return []
  return [
    `${paint('bold', 'drift')}: on the brokers, not in fleet.yaml; left as it is`,
    ...drift.map(({ kind, name, field, value }) => {
      const rest = field === null ? '' : `  ${field} ${textOf(field, value)}`
      return `    ${kind.padEnd(8)} ${printable(name + rest)}`
    }),
  ]
}

function summary({ changes, declared }: Plan): string {
  if (changes.length === 0)
    return `Nothing to change: ${declared} ${declared === 1 ? 'thing is' : 'things are'} as declared.`
  const count = (word: string, test: (change: Change) => boolean) => {
    const n = changes.filter(test).length
    return n === 0 ? [] : [`${n} ${word}`]
  }
  const done = (symbol: Change['symbol']) => (change: Change) =>
    change.symbol === symbol && change.risk !== 'refused'
  return `Plan: ${[
    ...count('to make', done('+')),
    ...count('to change', done('~')),
    ...count('to make anew', done('!')),
    ...count('to remove', done('-')),
    ...count('refused', ({ risk }) => risk === 'refused'),
  ].join(', ')}.`
}

// ---------------------------------------------------------------- values

function textOf(field: string, value: Value | null): string {
  if (value === null) return 'none'
  if (field === 'key') return value === '' ? '(no key)' : `key ${value}`
  if (typeof value !== 'number') return String(value)
  if (field === 'retention.time') return inUnits(value, TIME)
  if (field === 'maxBytes' || field.endsWith('.bytes')) return inUnits(value, SIZE)
  return String(value)
}

const TIME = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
  [1, 'ms'],
] as const
const SIZE = [
  [1024 ** 3, 'GiB'],
  [1024 ** 2, 'MiB'],
  [1024, 'KiB'],
  [1, ' bytes'],
] as const

/** Exactly, or in the next smaller unit. */
function inUnits(value: number, units: typeof TIME | typeof SIZE): string {
  for (const [size, unit] of units)
    if (value >= size && value % size === 0) return `${value / size}${unit}`
  return String(value)
}
