// Freezes a compiled fleet into one file of .sluice/build/, so that a process that is started again later runs the same and not what was edited since.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildModules } from '../../compile/build.ts'
import type { CompiledFleet } from '../../compile/compile.ts'
import { planHash } from '../../compile/plan-hash.ts'
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
