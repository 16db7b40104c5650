// Writes compiled pipelines to .sluice/build/, where the runtime imports them; the same content has the same name.
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FleetPlan } from '../core/plan.ts'
import { ALERTING_MODULE } from './alerting-plan.ts'
import type { CompiledFleet } from './compile.ts'
import { withRuntime } from './emit.ts'
import { writeFile } from './write-file.ts'

const RUNTIME = new URL('../core/expression-runtime.ts', import.meta.url).href

/** Absolute paths of the modules, by pipeline. */
export function buildModules(
  { plan, modules }: Pick<CompiledFleet, 'modules'> & { plan: FleetPlan },
  pipelines: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    pipelines.map((name) => [name, writeModule(plan.root, name, modules[name] as string)]),
  )
}

/** The absolute path of what alerts become; undefined where the fleet tells none. */
export function buildAlerting({
  plan,
  modules,
}: Pick<CompiledFleet, 'modules'> & { plan: FleetPlan }): string | undefined {
  const module = modules[ALERTING_MODULE]
  return module === undefined ? undefined : writeModule(plan.root, 'alerting', module)
}

/** The absolute path of a module that `emit.ts` made. */
export function writeModule(root: string, name: string, module: string): string {
  const source = withRuntime(module, RUNTIME)
  const file = join(
    root,
    '.sluice/build',
    `${name}.${hash('sha256', source, 'hex').slice(0, 16)}.mjs`,
  )
  if (contentOf(file) !== source) writeFile(file, source)
  return file
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
