// What a simulation found, as text and as JSON.
import { hash } from 'node:crypto'
import { INVARIANTS, type Invariant } from '../oracle/verdict.ts'
import type { SeedFailure, Simulated } from './simulate.ts'

/** Violations of one seed that are written out. */
const SHOWN = 5

/** Nothing for a seed in which all invariants hold. */
export function seedText(
  pipeline: string,
  seed: number,
  failures: readonly SeedFailure[],
  { messages }: { readonly messages: number },
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
    `  again: npx sluice simulate ${pipeline} --seed ${seed} --seeds 1 --messages ${messages}`,
    '',
  ].join('\n')
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
export function jsonReport(results: readonly Simulated[]): string {
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
    failures: results.flatMap((one) => one.failures),
    history: hash('sha256', results.map((one) => one.history).join('\n'), 'hex'),
  })
}
