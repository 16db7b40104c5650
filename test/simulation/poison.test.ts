// Simulation of messages that end their process: each of them becomes a dead letter, everything else holds, in order and whatever happens besides.
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { FAULTS, type FaultKind } from '../../workers/simulation/fault-plan.ts'
import { simulate } from '../../workers/simulation/simulate.ts'
import { FILES, inProject } from '../testing/project.ts'

let plan: FleetPlan
let module: PipelineModule

beforeAll(async () => {
  const fleet = `${FILES['pipelines/fleet.yaml']}state: { in: hot }\n`
  await inProject({ 'pipelines/fleet.yaml': fleet }, async (root) => {
    const compiled = compileFleet(root)
    plan = compiled.plan as FleetPlan
    const [built = ''] = Object.values(buildModules({ ...compiled, plan }, ['billing']))
    module = (await import(pathToFileURL(built).href)) as PipelineModule
  })
})

const run = (seeds: number, faults: readonly FaultKind[]) =>
  simulate({
    code: {
      plan,
      modules: { billing: module },
      handlers: {
        quote: (order) => ({ total: ((order as { sku: string }).sku.length * 37) % 200 }),
        charge: () => ({}),
      },
      checkOf: checkerOf(plan),
    },
    pipeline: plan.pipelines['billing'] as PipelinePlan,
    makeBrokers: createComposition({}).embedded,
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    messages: 100,
    faults: new Set(faults),
    onSeed: () => {},
  })

test('they alone become dead letters when nothing else happens', async () => {
  const { failures, faults, invariants } = await run(10, ['poison'])
  expect(failures).toEqual([])
  expect(faults['poison']).toBeGreaterThan(0)
  // Each was judged to be a dead letter with the code of its own, and the order of the others was looked at.
  expect(invariants.failure.checked).toBeGreaterThan(0)
  expect(invariants.order.checked).toBeGreaterThan(0)
})

test('under every other fault besides', async () => {
  const { failures, faults } = await run(15, FAULTS)
  expect(failures).toEqual([])
  expect(faults['poison']).toBeGreaterThan(0)
})
