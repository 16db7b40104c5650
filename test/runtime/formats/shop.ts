// The shop whose topics are in a format of the registry, compiled: its plan, and the module of its one pipeline.
import { pathToFileURL } from 'node:url'
import { buildModules } from '../../../workers/compile/build.ts'
import { compileFleet } from '../../../workers/compile/compile.ts'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import type { PipelineModule } from '../../../workers/runtime/pipeline-parts.ts'
import { inProject } from '../../testing/project.ts'

export function compiled(
  files: Readonly<Record<string, string>>,
): Promise<{ plan: FleetPlan; module: PipelineModule }> {
  return inProject(files, async (root) => {
    const fleet = compileFleet(root)
    const { plan } = fleet
    if (plan === undefined) throw new Error('the shop does not compile')
    const file = buildModules({ ...fleet, plan }, ['billing'])['billing'] as string
    return { plan, module: (await import(pathToFileURL(file).href)) as PipelineModule }
  })
}
