// Runs a pipeline through seeded schedules and judges each: the same seed gives the same history, byte for byte.
import { createHash } from 'node:crypto'
import { INVARIANTS, type Invariant, type Violation } from '../oracle/verdict.ts'
import { FAULTS, kindOf } from './fault-plan.ts'
import { judged, type JudgedParts } from './judged.ts'
import type { Keep } from './keep.ts'
import { RealWorld } from './real-world.ts'
import type { Played } from './schedule.ts'
import { shrink, type Shortest } from './shrink.ts'

export interface SimulateOptions extends Omit<JudgedParts, 'seed' | 'keep'> {
  readonly seeds: readonly number[]
  /** Undefined: everything. */
  readonly keep?: Keep | undefined
  /** The first failure of each invariant is made as short as it gets. */
  readonly shrinks?: boolean
  /** Hears of each schedule as soon as it is over. */
  readonly onSeed: (seed: number, failures: readonly SeedFailure[], played: Played) => void
}

export interface SeedFailure extends Violation {
  readonly seed: number
  readonly pipeline: string
  /** Of the first failure of each invariant: the least of its schedule that breaks it too. */
  readonly shortest?: Shortest
}

export interface Simulated {
  readonly seeds: number
  readonly messages: number
  /** How often each fault happened, of those that were asked for. */
  readonly faults: Record<string, number>
  readonly invariants: Record<Invariant, { checked: number }>
  readonly failures: SeedFailure[]
  /** SHA-256 of all histories. */
  readonly history: string
}

/** Throws SLU0362 when a handler reaches for what is not in its context: its history would be another one each time. */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const real = new RealWorld()
  const { code } = options
  real.watch()
  try {
    const handlers = real.known(code.handlers)
    return await simulateAll({ ...options, code: { ...code, handlers } }, real)
  } finally {
    real.unwatch()
  }
}

async function simulateAll(options: SimulateOptions, real: RealWorld): Promise<Simulated> {
  const { pipeline, seeds, onSeed } = options
  const faults: Record<string, number> = Object.fromEntries(
    FAULTS.flatMap((kind) => (options.faults.has(kind) ? [[kind, 0]] : [])),
  )
  const invariants = Object.fromEntries(
    INVARIANTS.map((name) => [name, { checked: 0 }]),
  ) as Simulated['invariants']
  const failures: SeedFailure[] = []
  const digest = createHash('sha256')
  let messages = 0
  for (const seed of seeds) {
    const parts = { ...options, seed, keep: options.keep }
    const { played, verdicts } = await judged(parts)
    real.assertUntouched()
    for (const id of played.happened) {
      const kind = kindOf(id)
      faults[kind] = (faults[kind] ?? 0) + 1
    }
    digest.update(JSON.stringify(played.history.happenings))
    messages += played.history.arrivals.length
    const found: SeedFailure[] = []
    for (const name of INVARIANTS) {
      invariants[name].checked += verdicts[name].checked
      const isNews =
        options.shrinks === true && !failures.some(({ invariant }) => invariant === name)
      for (const [nth, violation] of verdicts[name].violations.entries()) {
        const shortest = isNews && nth === 0 ? await shrink(parts, name) : undefined
        const failure = { ...violation, seed, pipeline: pipeline.name }
        found.push(shortest === undefined ? failure : { ...failure, shortest })
      }
    }
    failures.push(...found)
    onSeed(seed, found, played)
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
