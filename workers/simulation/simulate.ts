// Runs a pipeline through seeded schedules and judges each: the same seed gives the same history, byte for byte.
import { createHash } from 'node:crypto'
import type { PipelinePlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import type { Promised } from '../oracle/history.ts'
import { judge } from '../oracle/judge.ts'
import { INVARIANTS, type Invariant, type Violation } from '../oracle/verdict.ts'
import { outcomesOf, play, type ScheduleParts } from './schedule.ts'

export interface SimulateOptions extends Omit<ScheduleParts, 'seed' | 'onFault'> {
  readonly seeds: readonly number[]
  /** Hears of each schedule as soon as it is over. */
  readonly onSeed: (seed: number, failures: readonly SeedFailure[]) => void
}

export interface SeedFailure extends Violation {
  readonly seed: number
  readonly pipeline: string
}

export interface Simulated {
  readonly seeds: number
  readonly messages: number
  /** How often each fault happened. */
  readonly faults: Record<string, number>
  readonly invariants: Record<Invariant, { checked: number }>
  readonly failures: SeedFailure[]
  /** SHA-256 of all histories. */
  readonly history: string
}

export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { pipeline, code, seeds, onSeed } = options
  const faults: Record<string, number> = {}
  const invariants = Object.fromEntries(
    INVARIANTS.map((name) => [name, { checked: 0 }]),
  ) as Simulated['invariants']
  const failures: SeedFailure[] = []
  const digest = createHash('sha256')
  let messages = 0
  const promised = promisedBy(pipeline, code.plan.drainWithinMs)
  for (const seed of seeds) {
    const parts: ScheduleParts = {
      ...options,
      seed,
      onFault: (kind) => (faults[kind] = (faults[kind] ?? 0) + 1),
    }
    const calm = await play(parts, true)
    const history = await play(parts, false)
    const outcomes = outcomesOf(calm, history.arrivals.length)
    const verdicts = judge({ ...history, outcomes }, promised)
    digest.update(JSON.stringify(history.happenings))
    messages += history.arrivals.length
    const found: SeedFailure[] = []
    for (const name of INVARIANTS) {
      invariants[name].checked += verdicts[name].checked
      for (const violation of verdicts[name].violations)
        found.push({ ...violation, seed, pipeline: pipeline.name })
    }
    failures.push(...found)
    onSeed(seed, found)
  }
  return {
    seeds: seeds.length,
    messages,
    faults,
    invariants,
    failures,
    history: digest.digest('hex'),
  }
}

function promisedBy(pipeline: PipelinePlan, drainWithinMs: number): Promised {
  const { order, concurrency, window, once } = pipeline
  const behind = new Map<string, ReadonlySet<string>>()
  for (const step of allSteps(pipeline))
    if (step.kind === 'dedupe' && step.windowMs >= LONGER_MS) {
      const later = allSteps(pipeline).filter(({ index }) => index > step.index)
      behind.set(step.id, new Set(later.map(({ id }) => id)))
    }
  return { order, concurrency, window, drainWithinMs, once: once !== undefined, behind }
}

/** No schedule lasts as long: what was seen within it stays seen. */
const LONGER_MS = 60 * 60_000
