// The same pipelines and seeded histories on embedded and on real brokers: the same effects, dead letters, commits and counts.
import { beforeAll, expect, test } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import { embeddedStage, realStage, type Stage } from '../../workers/testing/stage.ts'
import { SEED, runs } from '../support/fuzz.ts'
import { FILES, PIPELINES } from './fleet.ts'
import { outcomeOf } from './outcome.ts'
import { heldBy } from './held.ts'
import { codeOf, historyOf, run, type Code, type History } from './run.ts'

const MESSAGES = 80
/** Longest course of one history on real brokers. */
const LIMIT_MS = 60_000

const seeds = Array.from({ length: runs(1) }, (_, nth) => SEED + nth)
const cases = PIPELINES.flatMap((name) => seeds.map((seed) => [name, seed] as const))

let code: Code
beforeAll(async () => {
  code = await codeOf(FILES, PIPELINES)
})

async function played(history: History, stage: Stage) {
  const happened = await run(code, history, stage)
  const held = await heldBy(code.plan, stage, happened.recorder.seen)
  return { ...outcomeOf(history, happened), held }
}

test.each(cases)('%s comes to the same on both, seed %i', async (name, seed) => {
  const history = historyOf(code, name, seed, MESSAGES)
  const { embedded, drivers } = createComposition(process.env)
  const expected = await played(history, embeddedStage(embedded, systemWorld))
  expect(expected.stuck).toBe(false)
  const prefix = `differential-${systemWorld.ids.next().slice(0, 8)}.`
  const stage = realStage(systemWorld, drivers(false), prefix)
  expect(await played(history, { ...stage, limitMs: LIMIT_MS })).toEqual(expected)
})
