// `sluice check`: compiles the project, checks its types and prints every diagnostic; connects to nothing.
import { diagnosticsJson, renderDiagnostics } from '../compile/render.ts'
import { compileFleet } from '../compile/compile.ts'
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
}): Promise<number> {
  const root = findProject(options.project)
  const compiled = compileFleet(root)
  const checked = await checkTypes(compiled)
  const { plan } = checked ?? compiled
  const tests = compileTests(root, compiled, testFileNames(root))
  const diagnostics = [...(checked ?? compiled).diagnostics, ...tests.diagnostics]
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
    process.stdout.write(`${counted(Object.keys(plan.pipelines).length)}, no mistakes found\n`)
  return EXIT.ok
}

const counted = (n: number) => `${n} ${n === 1 ? 'pipeline' : 'pipelines'}`
