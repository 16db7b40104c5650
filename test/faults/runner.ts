// Runs scenarios: those that harm workers alone side by side, those that harm the shared brokers one at a time.
import { asError } from '../../workers/core/errors.ts'
import type { Account } from '../../workers/oracle/ledger.ts'
import type { Cell } from './matrix/cells.ts'
import { Ordeal } from './ordeal.ts'
import type { Profile } from './profile.ts'
import type { Scenario } from './scenario.ts'
import type { Brokers } from './stage/brokers.ts'

export interface Result {
  readonly fault: string
  readonly name: string
  readonly does: string
  readonly then: string
  readonly cell?: Cell | undefined
  readonly account: Account | undefined
  readonly failures: readonly string[]
  readonly notes: readonly string[]
  readonly seconds: number
}

export interface RunnerParts {
  readonly profile: Profile
  readonly brokers: Brokers
  readonly say: (line: string) => void
}

/** Beyond it a scenario is stuck. */
const SCENARIO_MS = { ci: 600_000, nightly: 3_600_000 } as const

export async function runScenario(scenario: Scenario, parts: RunnerParts): Promise<Result> {
  const { fault, name, does, then, line, cell } = scenario
  const title = `${fault} ${name}`
  const from = performance.now()
  const say = (text: string) => parts.say(`  ${title}: ${text}`)
  let ordeal: Ordeal | undefined
  let account: Account | undefined
  let failures: readonly string[]
  let notes: readonly string[] = []
  try {
    const opened = await Ordeal.open({ ...parts, line, say })
    ordeal = opened
    const work = async () => {
      await scenario.run(opened)
      return opened.close()
    }
    ;({ account, failures, notes } = await inTime(work(), SCENARIO_MS[parts.profile.name]))
  } catch (thrown) {
    failures = [asError(thrown).stack ?? String(thrown)]
  } finally {
    await ordeal?.dispose()
    if (scenario.harms === 'brokers') await parts.brokers.heal()
  }
  const seconds = Math.round((performance.now() - from) / 1_000)
  const passed = failures.length === 0
  parts.say(
    `${passed ? '✓' : '✗'} ${title}  ${seconds} s${account === undefined ? '' : `  ${text(account)}`}`,
  )
  for (const failure of failures) parts.say(`    ${failure}`)
  return { fault, name, does, then, cell, account, failures, notes, seconds }
}

const text = ({ lost, repeats, allowed }: Account) =>
  `${lost.length} lost, ${repeats} of ${allowed} repeats`

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`it was not over after ${ms / 1_000} s`)), ms)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

/** As many at once as a machine of two cores can bear: they mostly wait. */
export async function sideBySide<T, R>(
  all: readonly T[],
  width: number,
  run: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const queue = [...all.entries()]
  const hand = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results[next[0]] = await run(next[1])
  }
  await Promise.all(Array.from({ length: width }, hand))
  return results
}
