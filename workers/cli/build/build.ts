// `sluice build`: the compiled fleet in a folder of its own, for images; `run --built` starts it without a compiler.
import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { compileProject, findProject } from '../project.ts'
import { writeTree } from './tree.ts'

export interface BuildOptions {
  readonly project?: string
  /** Relative to the project. */
  readonly out: string
  readonly format: 'text' | 'json'
}

export async function build(options: BuildOptions, { log }: Composition): Promise<number> {
  const root = findProject(options.project)
  assertHoldsSluice(root)
  const compiled = await compileProject(root, process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const out = resolve(root, options.out)
  const hash = await writeTree(compiled, out)
  const pipelines = Object.keys(compiled.plan.pipelines)
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify({ version: 1, out, hash, pipelines })}\n`
      : `built ${hash} into ${options.out}: ${pipelines.join(', ')}\nnext: npx sluice run --built ${options.out}\n`,
  )
  return EXIT.ok
}

/** The tree holds the product as well, which comes from the project. */
function assertHoldsSluice(root: string): void {
  const product = resolve(import.meta.dirname, '../../..')
  if (existsSync(root) && realpathSync(root) === realpathSync(product)) return
  throw new SluiceError('SLU1009', { message: `${join(root, 'workers')} does not hold Sluice` })
}
