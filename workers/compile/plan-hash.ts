// One short name for a state of a project: what would run differently has another.
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import stringify from 'safe-stable-stringify'
import type { FleetPlan } from '../core/plan.ts'
import type { CompiledFleet } from './compile.ts'

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
