// `sluice check`: compiles the project, checks its types and tests, and prints every diagnostic; with --against also what breaks contracts. Connects to nothing.
import { diagnosticsJson, renderDiagnostics } from '../compile/render.ts'
import { compileFleet } from '../compile/compile.ts'
import { inOrder } from '../compile/diagnostics.ts'
import type { Evolution } from '../compile/evolution/evolution.ts'
import { checkTypes } from '../compile/types/check.ts'
import { SluiceError } from '../core/errors.ts'
import { compileTests } from '../testing/compile.ts'
import { testFileNames } from '../testing/files.ts'
import { EXIT } from './exit.ts'
import { findProject, useColor } from './project.ts'

/** Rejects with SLU1130 where nothing is wrong but the types were not checked: that is not the same as no mistakes. */
export async function check(options: {
  project?: string
  format: 'text' | 'json'
  against?: string
}): Promise<number> {
  const root = findProject(options.project)
  const compiled = compileFleet(root)
  const checked = await checkTypes(compiled)
  const { plan, diagnostics: own } = checked ?? compiled
  const tests = compileTests(root, compiled, testFileNames(root))
  const evolution = options.against === undefined ? undefined : await since(root, options.against)
  const diagnostics = inOrder([...own, ...tests.diagnostics, ...(evolution?.diagnostics ?? [])])
  if (options.format === 'json') process.stdout.write(`${diagnosticsJson(diagnostics)}\n`)
  else if (diagnostics.length > 0)
    process.stdout.write(renderDiagnostics(diagnostics, root, { color: useColor(process.stdout) }))
  if (plan === undefined || diagnostics.some(({ severity }) => severity === 'error'))
    return EXIT.usage
  if (checked === undefined)
    throw new SluiceError('SLU1130', {
      message: 'TypeScript 7 is not installed: names and shapes are right, types were not checked',
    })
  if (options.format === 'text' && diagnostics.length === 0)
    process.stdout.write(
      `${counted(Object.keys(plan.pipelines).length, 'pipeline')}, no mistakes found${evolution === undefined ? '' : `; ${counted(evolution.compared, 'contract')} compatible with ${options.against}`}\n`,
    )
  return EXIT.ok
}

async function since(root: string, ref: string): Promise<Evolution> {
  const { earlierFiles } = await import('./git.ts')
  const { compareWith } = await import('../compile/evolution/evolution.ts')
  return compareWith(root, earlierFiles(root, ref))
}

const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
