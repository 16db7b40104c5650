// From a folder to a frozen plan: load, shape, names, expressions, rules; all faults of all files at once.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { Diagnostics } from './diagnostics.ts'
import { planFleet, position, type FleetResources } from './fleet-plan.ts'
import { planPipeline } from './pipeline-plan.ts'
import { checkRules, type Planned } from './rules.ts'
import { settingOf } from './settings.ts'
import { readYaml, type YamlFile } from './yaml-file.ts'

const MAX_TOTAL_BYTES = 1024 * 1024

export interface CompiledFleet {
  /** Deeply frozen; undefined when there are errors. */
  readonly plan: FleetPlan | undefined
  /** Source of the compiled module by pipeline. */
  readonly modules: Readonly<Record<string, string>>
  readonly diagnostics: readonly Diagnostic[]
}

/** `root` holds pipelines/fleet.yaml. Reads files, connects to nothing, never rejects for what a user wrote. */
export function compileFleet(root: string): CompiledFleet {
  const out = new Diagnostics()
  const { files, complete } = readFiles(root, out)
  const fleetFile = files.find(({ file }) => file === 'pipelines/fleet.yaml')
  const fleet = fleetFile === undefined ? undefined : planFleet(root, fleetFile, out)
  if (fleetFile === undefined || fleet === undefined)
    return { plan: undefined, modules: {}, diagnostics: out.sorted() }
  const planned: Planned[] = []
  const modules: Record<string, string> = {}
  for (const file of files) {
    if (file === fleetFile) continue
    const pipeline = planPipeline(root, file, fleet, out)
    if (pipeline === undefined) continue
    planned.push({ file, plan: pipeline.plan })
    modules[pipeline.plan.name] = pipeline.module
  }
  const names = files.map(({ value }) => String((value as { pipeline?: unknown } | null)?.pipeline))
  checkRules(planned, fleet, fleetFile, complete ? names : undefined, out)
  const plan = out.failed ? undefined : deepFreeze(fleetPlan(root, fleet, fleetFile, planned))
  return { plan, modules, diagnostics: out.sorted() }
}

/** `complete`: none of them had to be left out. */
function readFiles(root: string, out: Diagnostics): { files: YamlFile[]; complete: boolean } {
  const folder = join(root, 'pipelines')
  const names = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name))
    .toSorted()
  let total = 0
  const files: YamlFile[] = []
  for (const name of names) {
    const bytes = readFileSync(join(folder, name))
    total += bytes.length
    if (total > MAX_TOTAL_BYTES) {
      const at = { file: `pipelines/${name}`, line: 1, column: 1, length: 1 }
      out.error('SLU0101', at, 'the files have more than 1 MiB together', 'make two fleets of it')
      break
    }
    const file = readYaml(`pipelines/${name}`, bytes, out)
    if (file !== undefined) files.push(file)
  }
  return { files, complete: files.length === names.length }
}

function fleetPlan(
  root: string,
  fleet: FleetResources,
  file: YamlFile,
  planned: readonly Planned[],
): FleetPlan {
  const setting = (field: 'profile' | 'prefix') =>
    settingOf<string>(fleet[field], 'string', position(file, [field]))
  return {
    ...fleet,
    root,
    profile: setting('profile'),
    prefix: setting('prefix'),
    pipelines: Object.fromEntries(
      planned.map(({ plan }): [string, PipelinePlan] => [plan.name, plan]),
    ),
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const child of Object.values(value)) deepFreeze(child)
  return Object.freeze(value)
}
