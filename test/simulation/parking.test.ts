// Simulation of a pipeline that parks: copies outlive crashes, come back in their time, and no message is lost between two places.
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { FAULTS } from '../../workers/simulation/fault-plan.ts'
import { simulate } from '../../workers/simulation/simulate.ts'
import { FILES, inProject } from '../testing/project.ts'

const PARKING = (FILES['pipelines/billing.yaml'] ?? '')
  .replace('order: key', 'order: none')
  .replace('jitter: none }', 'jitter: none, park: { after: 1, tiers: [2s, 20s] } }')
  .replace('attempts: 4, first: 30s, max: 30s', 'attempts: 4, first: 1s, max: 1s')

let plan: FleetPlan
let module: PipelineModule

beforeAll(async () => {
  await inProject({ 'pipelines/billing.yaml': PARKING }, async (root) => {
    const compiled = compileFleet(root)
    plan = compiled.plan as FleetPlan
    const [built = ''] = Object.values(buildModules({ ...compiled, plan }, ['billing']))
    module = (await import(pathToFileURL(built).href)) as PipelineModule
  })
})

const run = (seeds: readonly number[]) =>
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
    seeds,
    messages: 100,
    faults: new Set(FAULTS),
    onSeed: () => {},
  })

test('every invariant holds under every fault while messages wait elsewhere', async () => {
  const { failures, faults } = await run(Array.from({ length: 30 }, (_, index) => index + 1))
  expect(failures).toEqual([])
  expect(faults['handler-error']).toBeGreaterThan(50)
  expect(faults['crash']).toBeGreaterThan(20)
})
