// Every pipeline of pipelines/ with its own handlers, on the seeds that once broke it among others.
import { resolve } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { createComposition } from '../../workers/composition.ts'
import { loadCode } from '../../workers/cli/project.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import { FAULTS } from '../../workers/simulation/fault-plan.ts'
import type { SimulatedCode } from '../../workers/simulation/schedule.ts'
import { simulate } from '../../workers/simulation/simulate.ts'
import { seeds } from './project.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Seeds and what each of them broke. */
const BROKE: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  paging: { 291: 'what is given up one by one holds others up for longer than half an hour' },
  predictions: {
    390: 'what was committed in the moment of a death stood behind it',
    456: 'who was cut off lost its partitions before its session was over',
  },
  training: {
    23: 'a job that had failed, unheard, was failed again for ever',
    384: 'a training that nobody could give up held the one beside it up',
  },
}

const compiled = compileFleet(ROOT)
const plan = compiled.plan as FleetPlan
const names = Object.keys(plan.pipelines)

let code: SimulatedCode
beforeAll(async () => {
  const loaded = await loadCode({ ...compiled, plan }, names)
  code = { ...loaded, plan, checkOf: checkerOf(plan) }
})

test.each(names)('%s keeps every invariant', async (name) => {
  const all = [...new Set([...seeds(6), ...Object.keys(BROKE[name] ?? {}).map(Number)])]
  const { failures, messages } = await simulate({
    code,
    pipeline: plan.pipelines[name] as PipelinePlan,
    makeBrokers: createComposition({}).embedded,
    messages: 100,
    seeds: all,
    faults: new Set(FAULTS),
    onSeed: () => {},
  })
  expect(failures).toEqual([])
  expect(messages).toBe(all.length * 104)
})
