// A compiled fleet in one file, so that a process that is started later runs the same and not what was edited since.
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { buildModules } from '../compile/build.ts'
import type { CompiledFleet } from '../compile/compile.ts'
import { planHash } from '../compile/plan-hash.ts'
import { writeFile } from '../compile/write-file.ts'
import { SluiceError } from '../core/errors.ts'
import type { FleetPlan } from '../core/plan.ts'

export interface FrozenPlan {
  readonly version: 1
  readonly hash: string
  readonly plan: FleetPlan
  /** Paths of the compiled modules, by pipeline; absolute once the file was read. */
  readonly modules: Readonly<Record<string, string>>
}

export interface FrozenFile extends FrozenPlan {
  readonly file: string
}

/** Into .sluice/build/, for processes on this machine. */
export function freeze(compiled: CompiledFleet & { readonly plan: FleetPlan }): FrozenFile {
  const { plan } = compiled
  const modules = buildModules(compiled, Object.keys(plan.pipelines))
  const frozen: FrozenPlan = { version: 1, hash: planHash(compiled), plan, modules }
  const file = join(plan.root, '.sluice/build', `plan.${frozen.hash}.json`)
  writeFile(file, JSON.stringify(frozen))
  return { ...frozen, file }
}

/** What is relative in it is so to its folder. Throws SLU1006 for what is no such file. */
export function thaw(file: string): FrozenPlan {
  const here = (path: string) => resolve(dirname(file), path)
  try {
    const { version, hash, plan, modules } = JSON.parse(readFileSync(file, 'utf8')) as FrozenPlan
    if (version !== 1) throw new Error(`it has version ${String(version)}, and this is 1`)
    const paths = Object.entries(modules).map(([name, path]) => [name, here(path)])
    return {
      version,
      hash,
      plan: { ...plan, root: here(plan.root) },
      modules: Object.fromEntries(paths) as Record<string, string>,
    }
  } catch (cause) {
    throw new SluiceError('SLU1006', {
      message: `${file} holds no plan: ${(cause as Error).message}`,
      cause,
    })
  }
}
