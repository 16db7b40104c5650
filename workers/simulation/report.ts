// What a simulation found, as text and as JSON.
import { hash } from 'node:crypto'
import { INVARIANTS, type Invariant } from '../oracle/verdict.ts'
import { FAULTS, type FaultKind } from './fault-plan.ts'
import { keepText } from './keep.ts'
import type { Shortest } from './shrink.ts'
import type { SeedFailure, Simulated } from './simulate.ts'
import { stepsText } from './steps-text.ts'

/** Violations of one seed that are written out. */
const SHOWN = 5

/** Lines of a history that are written out: the command at its end prints all of them. */
const LINES = 40

/** What a command needs to play the same again. */
export interface Asked {
  readonly messages: number
  readonly faults: ReadonlySet<FaultKind>
}

/** Nothing for a seed in which all invariants hold. */
export function seedText(
  pipeline: string,
  seed: number,
  failures: readonly SeedFailure[],
  asked: Asked,
): string {
  if (failures.length === 0) return ''
  const lines = failures
    .slice(0, SHOWN)
    .map(({ invariant, what }) => `  ${invariant.padEnd(12)} ${what}`)
  const more = failures.length - lines.length
  return [
    `✗ ${pipeline}, seed ${seed}`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  again: ${command(pipeline, seed, asked)}`,
    ...failures.flatMap((failure) => shortestText(failure, asked)),
    '',
  ].join('\n')
}

function shortestText({ pipeline, seed, invariant, shortest }: SeedFailure, asked: Asked) {
  if (shortest === undefined) return []
  const lines = historyLines(shortest)
  const { messages, faults } = shortest.keep
  return [
    `  the shortest that breaks ${invariant}: ${count(messages.size, 'message')}, ${count(faults.size, 'fault')}`,
    ...lines.slice(0, LINES).map((line) => `  ${line}`),
    ...(lines.length > LINES ? [`  and ${lines.length - LINES} lines more`] : []),
    `  step by step: ${replayCommand(pipeline, seed, shortest, asked)}`,
  ]
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

const historyLines = ({ judged, violations }: Shortest): string[] =>
  stepsText(judged.played.chronicle, violations).trimEnd().split('\n')

const replayCommand = (pipeline: string, seed: number, { keep, faults }: Shortest, asked: Asked) =>
  `${command(pipeline, seed, { ...asked, faults: new Set(faults) })} --keep ${keepText(keep)} --steps`

function command(pipeline: string, seed: number, { messages, faults }: Asked): string {
  const kinds = faults.size === 0 ? 'none' : [...faults].join(',')
  const only = faults.size === FAULTS.length ? '' : ` --faults ${kinds}`
  return `npx sluice simulate ${pipeline} --seed ${seed} --seeds 1 --messages ${messages}${only}`
}

export function summaryText(
  pipeline: string,
  { seeds, messages, faults, invariants, failures, history }: Simulated,
): string {
  const bad = new Set(failures.map(({ seed }) => seed)).size
  const happened = Object.entries(faults)
    .map(([kind, times]) => `${times} ${kind}`)
    .join(' · ')
  return [
    `${bad === 0 ? '✓' : '✗'} ${pipeline}: ${seeds} schedules, ${messages} messages, ${bad} failed`,
    `  faults      ${happened || 'none'}`,
    ...INVARIANTS.map((name) => `  ${name.padEnd(12)}${invariants[name].checked} checks`),
    `  history     ${history.slice(0, 16)}`,
    '',
  ].join('\n')
}

/** One object for all pipelines. */
export function jsonReport(results: readonly Simulated[], asked: Asked): string {
  const faults: Record<string, number> = {}
  for (const result of results)
    for (const [kind, times] of Object.entries(result.faults))
      faults[kind] = (faults[kind] ?? 0) + times
  const invariants = Object.fromEntries(
    INVARIANTS.map((name: Invariant) => [
      name,
      { checked: results.reduce((sum, one) => sum + one.invariants[name].checked, 0) },
    ]),
  )
  return JSON.stringify({
    version: 1,
    seeds: results[0]?.seeds ?? 0,
    messages: results.reduce((sum, one) => sum + one.messages, 0),
    faults,
    invariants,
    failures: results.flatMap((one) => one.failures.map((failure) => failureJson(failure, asked))),
    history: hash('sha256', results.map((one) => one.history).join('\n'), 'hex'),
  })
}

/** As short as it gets: what it takes, what happened then, and the command that shows it. */
function failureJson({ shortest, ...failure }: SeedFailure, asked: Asked): object {
  if (shortest === undefined) return failure
  const { messages, faults } = shortest.keep
  return {
    ...failure,
    shortest: {
      messages: [...messages],
      faults: [...faults],
      history: historyLines(shortest),
      replay: replayCommand(failure.pipeline, failure.seed, shortest, asked),
    },
  }
}
