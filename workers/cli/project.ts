// Finds and compiles the project, and prints what is wrong with it; nothing has connected to anything by then.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SluiceError } from '../core/errors.ts'
import type { Handler } from '../core/handler.ts'
import type { Logger } from '../core/log.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { handlersOf } from '../core/plan-walk.ts'
import { buildModules } from '../compile/build.ts'
import { compileFleet, type CompiledFleet } from '../compile/compile.ts'
import { checkTypes } from '../compile/types/check.ts'
import { renderDiagnostics } from '../compile/render.ts'
import type { AlertingModule } from '../ops/alerting/announce.ts'
import type { PipelineModule } from '../runtime/pipeline-parts.ts'

/** `asked`, or the nearest folder at or above the current one that holds pipelines/fleet.yaml. */
export function findProject(asked: string | undefined): string {
  if (asked !== undefined) {
    const root = resolve(asked)
    if (existsSync(join(root, 'pipelines/fleet.yaml'))) return root
    throw new SluiceError('SLU1003', {
      message: `there is no ${join(asked, 'pipelines/fleet.yaml')}`,
    })
  }
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pipelines/fleet.yaml'))) return folder
    if (folder === dirname(folder)) throw new SluiceError('SLU1003')
  }
}

/** Compiles, checks types and prints diagnostics to `out`; undefined when there are errors. */
export async function compileProject(
  root: string,
  out: NodeJS.WriteStream,
  log: Logger,
): Promise<(CompiledFleet & { plan: FleetPlan }) | undefined> {
  const untyped = compileFleet(root)
  const checked = await checkTypes(untyped)
  if (checked === undefined) log.info({}, 'TypeScript is not installed: types are not checked.')
  const compiled = checked ?? untyped
  if (compiled.diagnostics.length > 0)
    out.write(renderDiagnostics(compiled.diagnostics, root, { color: useColor(out) }))
  const { plan } = compiled
  return plan === undefined ? undefined : { ...compiled, plan }
}

/** https://no-color.org: any non-empty NO_COLOR turns colour off. */
export function useColor(out: NodeJS.WriteStream): boolean {
  return out.isTTY === true && !process.env['NO_COLOR']
}

/** The pipelines asked for, or all; rejects with SLU1001 for a name that is not there. */
export function choosePipelines(plan: FleetPlan, asked: readonly string[]): string[] {
  const known = Object.keys(plan.pipelines)
  for (const name of asked) {
    if (!known.includes(name))
      throw new SluiceError('SLU1001', {
        message: `there is no pipeline "${name}"; there is: ${known.join(', ')}`,
      })
  }
  return asked.length > 0 ? [...new Set(asked)] : known
}

export interface LoadedCode {
  readonly modules: Record<string, PipelineModule>
  readonly handlers: Record<string, Handler<unknown, unknown>>
}

/** Builds and imports the compiled pipelines, and imports the handlers they call. */
export async function loadCode(
  compiled: CompiledFleet & { plan: FleetPlan },
  pipelines: readonly string[],
): Promise<LoadedCode> {
  return importCode(compiled.plan, buildModules(compiled, pipelines), pipelines)
}

/** `files` are the compiled modules by pipeline. */
export async function importCode(
  plan: FleetPlan,
  files: Readonly<Record<string, string>>,
  pipelines: readonly string[],
): Promise<LoadedCode> {
  const modules: Record<string, PipelineModule> = {}
  for (const name of pipelines)
    modules[name] = (await import(pathToFileURL(files[name] as string).href)) as PipelineModule
  const handlers: Record<string, Handler<unknown, unknown>> = {}
  const plans = pipelines.map((name) => plan.pipelines[name] as PipelinePlan)
  for (const name of new Set(plans.flatMap(handlersOf)))
    handlers[name] = await loadHandler(plan.root, name)
  return { modules, handlers }
}

/** `file` is that of the compiled module. */
export async function importAlerting(
  file: string | undefined,
): Promise<AlertingModule | undefined> {
  if (file === undefined) return undefined
  return (await import(pathToFileURL(file).href)) as AlertingModule
}

async function loadHandler(root: string, name: string): Promise<Handler<unknown, unknown>> {
  // What was built holds JavaScript.
  const source = join(root, 'workers/handlers', `${name}.ts`)
  const file = existsSync(source) ? source : source.replace(/\.ts$/, '.js')
  let loaded: { default?: unknown }
  try {
    loaded = (await import(pathToFileURL(file).href)) as { default?: unknown }
  } catch (cause) {
    throw new SluiceError('SLU1005', {
      message: `workers/handlers/${name}.ts could not be loaded: ${(cause as Error).message}`,
      cause,
    })
  }
  if (typeof loaded.default === 'function') return loaded.default as Handler<unknown, unknown>
  throw new SluiceError('SLU1005', {
    message: `workers/handlers/${name}.ts has no function as its default export`,
  })
}
