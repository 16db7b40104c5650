// How much of everything: CI sees each fault once and briefly, the nightly run sees it in full.

export interface Profile {
  readonly name: 'ci' | 'nightly'
  /** Messages of a scenario. */
  readonly messages: number
  /** Messages of a cell of the crash-point matrix. */
  readonly cellMessages: number
  /** Every cell of the matrix, or enough of them for each pair of kill point, source and sink. */
  readonly everyCell: boolean
  /** How often a scenario does what it does: kills, restarts. */
  readonly times: (ci: number, nightly: number) => number
  /** Milliseconds of a wait that a scenario wants. */
  readonly wait: (ms: number) => number
  /** Of whatever is left to chance. */
  readonly seed: number
  /** Random pairs of faults. */
  readonly pairs: number
}

export const PROFILES: Readonly<Record<Profile['name'], Profile>> = {
  ci: {
    name: 'ci',
    messages: 2_000,
    cellMessages: 200,
    everyCell: false,
    times: (ci) => ci,
    wait: (ms) => (ms > 10_000 ? ms / 6 : ms),
    seed: 1,
    pairs: 0,
  },
  nightly: {
    name: 'nightly',
    messages: 25_000,
    cellMessages: 200,
    everyCell: true,
    times: (_, nightly) => nightly,
    wait: (ms) => ms,
    seed: 1,
    pairs: 20,
  },
}
