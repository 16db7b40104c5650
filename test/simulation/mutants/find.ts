// Looks for a planted bug as a user would: seed after seed, until the invariant that it is against is broken.
import { INVARIANTS, type Invariant } from '../../../workers/oracle/verdict.ts'
import { FLEETS } from '../fleets.ts'
import { simulation } from '../project.ts'
import type { Bug } from './bugs.ts'

/** Each must be found within so many. */
export const LIMIT = 500

export interface Found {
  readonly name: string
  readonly what: string
  readonly pipeline: string
  /** The first seed that shows it; null: none of them does. */
  readonly seed: number | null
  /** What it broke there. */
  readonly invariants: readonly Invariant[]
}

export async function find({ name, what, fleet, plant, breaks }: Bug): Promise<Found> {
  const { files = {}, handlers } = FLEETS[fleet] ?? {}
  const run = await simulation(files)
  const takeOut = plant()
  try {
    for (let seed = 1; seed <= LIMIT; seed++) {
      const { failures } = await run({ seeds: [seed], ...(handlers && { handlers }) })
      const broken = new Set(failures.map(({ invariant }) => invariant))
      if (!broken.has(breaks)) continue
      const invariants = INVARIANTS.filter((one) => broken.has(one))
      return { name, what, pipeline: fleet, seed, invariants }
    }
    return { name, what, pipeline: fleet, seed: null, invariants: [] }
  } finally {
    takeOut()
  }
}
