// The shop of the pipeline tests under seeded schedules with every fault; its pipeline is as the files of the test say.
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import type { Handler } from '../../workers/core/handler.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { FAULTS } from '../../workers/simulation/fault-plan.ts'
import { simulate, type Simulated } from '../../workers/simulation/simulate.ts'
import { inProject } from '../testing/project.ts'

const HANDLERS: Record<string, Handler<unknown, unknown>> = {
  quote: (order) => ({ total: ((order as { sku: string }).sku.length * 37) % 200 }),
  charge: () => ({}),
}

/** 100 messages a seed. */
export const simulateShop = (
  files: Readonly<Record<string, string>>,
  seeds: number,
): Promise<Simulated> =>
  inProject(files, async (root) => {
    const compiled = compileFleet(root)
    expect(compiled.diagnostics).toEqual([])
    const plan = compiled.plan as FleetPlan
    const [built = ''] = Object.values(buildModules({ ...compiled, plan }, ['billing']))
    const module = (await import(pathToFileURL(built).href)) as PipelineModule
    return simulate({
      code: { plan, modules: { billing: module }, handlers: HANDLERS, checkOf: checkerOf(plan) },
      pipeline: plan.pipelines['billing'] as PipelinePlan,
      makeBrokers: createComposition({}).embedded,
      seeds: Array.from({ length: seeds }, (_, index) => index + 1),
      messages: 100,
      faults: new Set(FAULTS),
      onSeed: () => {},
    })
  })
