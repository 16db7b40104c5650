// A project made for a simulation: compiled once, simulated as often as a test likes.
import { pathToFileURL } from 'node:url'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { createComposition } from '../../workers/composition.ts'
import type { Handler } from '../../workers/core/handler.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { FAULTS, type FaultKind } from '../../workers/simulation/fault-plan.ts'
import { simulate, type SimulateOptions } from '../../workers/simulation/simulate.ts'
import { inProject } from '../testing/project.ts'

export type Handlers = Readonly<Record<string, Handler<unknown, unknown>>>

export const HANDLERS: Handlers = {
  quote: (order) => ({ total: ((order as { sku: string }).sku.length * 37) % 200 }),
  charge: () => ({}),
}

/** 1, 2, 3 … */
export const seeds = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index + 1)

export type Asked = Partial<Omit<SimulateOptions, 'faults' | 'code' | 'pipeline'>> & {
  readonly seeds: readonly number[]
  /** All of them when absent. */
  readonly faults?: readonly FaultKind[]
  readonly handlers?: Handlers
}

/** `files` over those of the shop; `pipeline` is the one that is simulated. */
export const simulation = (files: Readonly<Record<string, string>>, pipeline = 'billing') =>
  inProject(files, async (root) => {
    const compiled = compileFleet(root)
    if (compiled.diagnostics.length > 0) throw new Error(JSON.stringify(compiled.diagnostics))
    const plan = compiled.plan as FleetPlan
    const built = buildModules({ ...compiled, plan }, [pipeline])[pipeline] ?? ''
    const modules = { [pipeline]: (await import(pathToFileURL(built).href)) as PipelineModule }
    const checkOf = checkerOf(plan)
    return ({ handlers = HANDLERS, faults = FAULTS, ...more }: Asked) =>
      simulate({
        code: { plan, modules, handlers, checkOf },
        pipeline: plan.pipelines[pipeline] as PipelinePlan,
        makeBrokers: createComposition({}).embedded,
        messages: 100,
        onSeed: () => {},
        ...more,
        faults: new Set(faults),
      })
  })
