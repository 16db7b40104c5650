// Puts a compiled fleet into a folder of its own, with everything that a worker needs but its packages; whole, or not at all.
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { CompiledFleet } from '../../compile/compile.ts'
import { withRuntime } from '../../compile/emit.ts'
import { planHash } from '../../compile/plan-hash.ts'
import { writeFile } from '../../compile/write-file.ts'
import { SluiceError } from '../../core/errors.ts'
import type { FleetPlan } from '../../core/plan.ts'
import type { FrozenPlan } from '../frozen-plan.ts'
import { writeJavaScript } from './javascript.ts'

/** What is at the top of a built tree, and what it is known by. */
export const PLAN_FILE = 'plan.json'

/** Returns the hash of what was built. Takes the place of an earlier tree; throws SLU1008 for a folder that holds anything else. */
export async function writeTree(
  compiled: CompiledFleet & { readonly plan: FleetPlan },
  out: string,
): Promise<string> {
  const { root } = compiled.plan
  assertOurs(out)
  const half = join(dirname(out), `.${basename(out)}.${process.pid}`)
  try {
    await writeJavaScript(root, half)
    copyWhatIsNoTypeScript(root, half)
    writeFile(join(half, 'package.json'), packageOf(root))
    const hash = writePlan(compiled, half)
    rmSync(out, { recursive: true, force: true })
    renameSync(half, out)
    return hash
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

function assertOurs(out: string): void {
  if (!existsSync(out) || existsSync(join(out, PLAN_FILE))) return
  if (readdirSync(out).length > 0)
    throw new SluiceError('SLU1008', { message: `${out} holds something else than a built fleet` })
}

/** `dlq`, `lag` and `ops` read the project as it was written. */
function copyWhatIsNoTypeScript(root: string, out: string): void {
  const isSource = (file: string) => !/\.test\.ya?ml$/.test(file)
  for (const folder of ['pipelines', 'schemas'])
    cpSync(join(root, folder), join(out, folder), { recursive: true, filter: isSource })
  const handlers = join(root, 'workers/handlers')
  if (existsSync(handlers))
    cpSync(handlers, join(out, 'workers/handlers'), {
      recursive: true,
      filter: (file) => !/\.[cm]?ts$/.test(file),
    })
  for (const file of ['node-options.js', 'sluice.js']) {
    const text = readFileSync(join(root, 'bin', file), 'utf8')
    writeFile(join(out, 'bin', file), text.replace('../workers/main.ts', '../workers/main.js'))
  }
}

/** Dependencies as the project pins them; nothing that only its development needs. */
function packageOf(root: string): string {
  const { name, version, license, type, engines, bin, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, unknown>
  const kept = { name, version, private: true, license, type, bin, engines, dependencies }
  return `${JSON.stringify(kept, undefined, 2)}\n`
}

function writePlan(compiled: CompiledFleet & { readonly plan: FleetPlan }, out: string): string {
  const { plan, modules } = compiled
  for (const [name, module] of Object.entries(modules))
    writeFile(join(out, pathOf(name)), withRuntime(module, '../workers/core/expression-runtime.js'))
  const frozen: FrozenPlan = {
    version: 1,
    hash: planHash(compiled),
    plan: { ...plan, root: '.' },
    modules: Object.fromEntries(Object.keys(modules).map((name) => [name, pathOf(name)])),
  }
  writeFile(join(out, PLAN_FILE), `${JSON.stringify(frozen)}\n`)
  return frozen.hash
}

const pathOf = (pipeline: string) => `compiled/${pipeline}.mjs`
