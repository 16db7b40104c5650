// Simulation of a pipeline with a breaker that opens at the slightest: what is held back is neither lost nor given up, nor out of order.
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

const GUARDED = {
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml'] ?? ''}policies:
  breakers:
    payments: { window: 4, minimum: 1, failureRate: 25, open: 3s, probes: 1, patience: 10s }
`,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '')
    .replace('handler: charge,', 'handler: charge, breaker: payments,')
    .replace('first: 30s, max: 30s', 'first: 1s, max: 1s'),
}

let plan: FleetPlan
let module: PipelineModule

beforeAll(async () => {
  await inProject(GUARDED, async (root) => {
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

test('every invariant holds under every fault while a breaker opens and closes', async () => {
  const { failures, faults } = await run(Array.from({ length: 30 }, (_, index) => index + 1))
  expect(failures).toEqual([])
  expect(faults['handler-error']).toBeGreaterThan(50)
  expect(faults['crash']).toBeGreaterThan(20)
})
