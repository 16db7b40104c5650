// How property tests draw: all from one seed, the same in every run unless FUZZ_SEED says another; FUZZ_TIMES=20 looks at twenty times as much.
import fc from 'fast-check'
import { vi } from 'vitest'

const times = Number(process.env['FUZZ_TIMES'] ?? 1)

/** For a property that is worth more or fewer than the usual hundred. */
export const runs = (count: number): number => Math.max(1, Math.round(count * times))

export const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101)

if (times > 1) vi.setConfig({ testTimeout: 120_000 * times })

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: SEED,
  numRuns: runs(100),
})
