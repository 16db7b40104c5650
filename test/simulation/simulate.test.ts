// Simulation of a small pipeline: it holds, it is the same each time, it meets every fault, and it finds what is planted.
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
import { FAULTS } from '../../workers/simulation/fault-plan.ts'
import { simulate } from '../../workers/simulation/simulate.ts'
import { inProject } from '../testing/project.ts'
import { QUEUED } from '../testing/queued.ts'
import { SCHEDULED } from '../testing/scheduled.ts'
import { ADDING, WORKING } from '../testing/working.ts'

let plan: FleetPlan
let module: PipelineModule

beforeAll(async () => {
  await inProject({}, async (root) => {
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

const byTime: Handler<unknown, unknown> = (firing) => ({
  total: (Number((firing as { scheduled_at: string }).scheduled_at.slice(-4, -1)) * 37) % 200,
})

function run(
  seeds: readonly number[],
  handlers = HANDLERS,
  faults: ReadonlySet<(typeof FAULTS)[number]> = new Set(FAULTS),
) {
  return simulate({
    code: { plan, modules: { billing: module }, handlers, checkOf: checkerOf(plan) },
    pipeline: plan.pipelines['billing'] as PipelinePlan,
    makeBrokers: createComposition({}).embedded,
    seeds,
    messages: 100,
    faults,
    onSeed: () => {},
  })
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1)

test('every invariant holds under every fault, and each was looked at', async () => {
  const { failures, faults, invariants, messages } = await run(SEEDS)
  expect(failures).toEqual([])
  expect(messages).toBe(40 * 104)
  expect(Object.keys(faults).toSorted()).toEqual([
    'crash',
    'duplicate',
    'handler-error',
    'handler-permanent',
    'handler-slow',
    'lost-confirm',
    'malformed',
    'outage',
    'rebalance',
    'refusal',
    'sigterm',
  ])
  // This pipeline does not ask for it; the one below does.
  expect(INVARIANTS.filter((name) => invariants[name].checked === 0)).toEqual(['duplicates'])
})

test('the same seeds give the same history, others another', async () => {
  const [once, again, other] = [await run([1, 2, 3]), await run([1, 2, 3]), await run([4, 5, 6])]
  expect(again).toEqual(once)
  expect(other.history).not.toBe(once.history)
})

test('without faults nothing happens to it', async () => {
  const { failures, faults } = await run([1, 2, 3], HANDLERS, new Set())
  expect(failures).toEqual([])
  expect(Object.keys(faults)).toEqual(['malformed'])
})

test('a handler that answers otherwise each time is found, with the seed', async () => {
  let calls = 0
  const { failures } = await run([7, 8], { ...HANDLERS, quote: () => ({ total: 100 + calls++ }) })
  expect(new Set(failures.map(({ invariant }) => invariant))).toEqual(new Set(['settled']))
  expect(new Set(failures.map(({ seed }) => seed))).toEqual(new Set([7, 8]))
})

test('a schema that nothing can be made up for is named', async () => {
  const schema = {
    type: 'object',
    required: ['id', 'sku'],
    properties: { id: {}, sku: { not: {} } },
  }
  const { schemas } = plan
  plan = { ...plan, schemas: { ...schemas, 'events/order': schema } }
  await expect(run([1])).rejects.toMatchObject({
    code: 'SLU0361',
    message: 'no value that fits schema events/order could be made up',
  })
  plan = { ...plan, schemas }
})

test.each([
  ['adds jobs', ADDING, {}, ['duplicates']],
  ['reads a queue', QUEUED, {}, ['order', 'duplicates']],
  ['does jobs', WORKING, {}, ['order', 'duplicates']],
  // A firing holds nothing that could be hostile.
  ['runs by a schedule', SCHEDULED, { quote: byTime }, ['order', 'duplicates', 'hostile']],
])('a pipeline that %s holds under the same faults', async (_what, files, handlers, never) => {
  await inProject(
    { 'pipelines/fleet.yaml': files.fleet, 'pipelines/billing.yaml': files.pipeline },
    async (root) => {
      const compiled = compileFleet(root)
      expect(compiled.diagnostics).toEqual([])
      const own = compiled.plan as FleetPlan
      const built = buildModules({ ...compiled, plan: own }, ['billing'])['billing'] as string
      const { failures, faults, invariants } = await simulate({
        code: {
          plan: own,
          modules: { billing: (await import(pathToFileURL(built).href)) as PipelineModule },
          handlers: { ...HANDLERS, ...handlers },
          checkOf: checkerOf(own),
        },
        pipeline: own.pipelines['billing'] as PipelinePlan,
        makeBrokers: createComposition({}).embedded,
        seeds: SEEDS,
        messages: 100,
        faults: new Set(FAULTS),
        onSeed: () => {},
      })
      expect(failures).toEqual([])
      expect(faults['crash']).toBeGreaterThan(0)
      expect(INVARIANTS.filter((name) => invariants[name].checked === 0)).toEqual(never)
    },
  )
})
