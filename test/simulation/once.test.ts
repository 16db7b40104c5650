// Simulation of a pipeline with once: repeats on any partition, crashes between effects and marks, a state store that goes away.
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import type { Handler } from '../../workers/core/handler.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import { INVARIANTS } from '../../workers/oracle/verdict.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { FAULTS, type FaultKind } from '../../workers/simulation/fault-plan.ts'
import { simulate } from '../../workers/simulation/simulate.ts'
import { FILES, inProject } from '../testing/project.ts'

let plan: FleetPlan
let module: PipelineModule

const ONCE = {
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}state: { in: hot }
stores:
  totals: { in: hot, as: hash, ttl: 1h, schema: events/bill }
`,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '')
    .replace('order: key', 'once: { window: 1h }\norder: none\nconcurrency: 16')
    .replace(
      '  - id: settle\n',
      `  - id: remember
    store: { in: totals, key: event.data.id, value: '{ total: price.total }' }
  - id: settle
`,
    ),
}

beforeAll(async () => {
  await inProject(ONCE, async (root) => {
    const compiled = compileFleet(root)
    plan = compiled.plan as FleetPlan
    const [built = ''] = Object.values(buildModules({ ...compiled, plan }, ['billing']))
    module = (await import(pathToFileURL(built).href)) as PipelineModule
  })
})

const HANDLERS: Record<string, Handler<unknown, unknown>> = {
  quote: (order) => ({ total: ((order as { sku: string }).sku.length * 37) % 200 }),
  charge: () => ({}),
}

const run = (seeds: number, faults: readonly FaultKind[] = FAULTS) =>
  simulate({
    code: { plan, modules: { billing: module }, handlers: HANDLERS, checkOf: checkerOf(plan) },
    pipeline: plan.pipelines['billing'] as PipelinePlan,
    makeBrokers: createComposition({}).embedded,
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    messages: 100,
    faults: new Set(faults),
    onSeed: () => {},
  })

test('every invariant holds under every fault, and each was looked at', async () => {
  const { failures, invariants, faults } = await run(60)
  expect(failures).toEqual([])
  expect(INVARIANTS.filter((name) => invariants[name].checked === 0)).toEqual(['order'])
  expect(faults).toMatchObject({ duplicate: expect.any(Number), outage: expect.any(Number) })
})

test('where nothing fails no effect happens twice', async () => {
  const { failures, faults } = await run(20, ['duplicate', 'handler'])
  expect(failures).toEqual([])
  expect(faults['duplicate']).toBeGreaterThan(30)
})
