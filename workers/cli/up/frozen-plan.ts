// Freezes a compiled fleet into one file of .sluice/build/, so that a process that is started again later runs the same and not what was edited since.
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import stringify from 'safe-stable-stringify'
import { buildModules } from '../../compile/build.ts'
import type { CompiledFleet } from '../../compile/compile.ts'
import { writeFile } from '../../compile/write-file.ts'
import { SluiceError } from '../../core/errors.ts'
import type { FleetPlan } from '../../core/plan.ts'

export interface FrozenPlan {
  readonly version: 1
  readonly hash: string
  readonly plan: FleetPlan
  /** Absolute paths of the compiled modules, by pipeline. */
  readonly modules: Readonly<Record<string, string>>
}

export interface FrozenFile extends FrozenPlan {
  readonly file: string
}

export function freeze(compiled: CompiledFleet & { readonly plan: FleetPlan }): FrozenFile {
  const { plan } = compiled
  const modules = buildModules(compiled, Object.keys(plan.pipelines))
  const frozen: FrozenPlan = { version: 1, hash: planHash(compiled), plan, modules }
  const file = join(plan.root, '.sluice/build', `plan.${frozen.hash}.json`)
  writeFile(file, JSON.stringify(frozen))
  return { ...frozen, file }
}

export function thaw(file: string): FrozenPlan {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as FrozenPlan
  } catch (cause) {
    throw new SluiceError('SLU1001', { message: `${file} is no plan that \`up\` wrote`, cause })
  }
}

/** Of plan, compiled modules and handlers; equal on every machine and in every environment. */
export function planHash({
  plan,
  modules,
}: Pick<CompiledFleet, 'modules'> & { plan: FleetPlan }): string {
  const { root, ...rest } = plan
  const text = stringify([rest, modules, handlerSources(join(root, 'workers/handlers'))])
  return hash('sha256', String(text), 'hex').slice(0, 12)
}

/** What handlers import of their own folder is part of them. */
function handlerSources(folder: string): readonly (readonly [string, string])[] {
  let files: string[]
  try {
    files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
  return files
    .filter((file) => /\.(ts|js|mjs|json)$/.test(file) && !/(^|[\\/])node_modules[\\/]/.test(file))
    .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(folder, file), 'utf8')] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}
