// `sluice check`: compiles the project and prints every diagnostic; connects to nothing.
import { diagnosticsJson, renderDiagnostics } from '../compile/render.ts'
import { compileFleet } from '../compile/compile.ts'
import { checkTypes } from '../compile/types/check.ts'
import { SluiceError } from '../core/errors.ts'
import { EXIT } from './exit.ts'
import { findProject, useColor } from './project.ts'

export async function check(options: {
  project?: string
  format: 'text' | 'json'
}): Promise<number> {
  const root = findProject(options.project)
  const checked = await checkTypes(compileFleet(root))
  if (checked === undefined)
    throw new SluiceError('SLU1130', {
      message: 'TypeScript is not installed: no types were checked',
    })
  const { plan, diagnostics } = checked
  if (options.format === 'json') process.stdout.write(`${diagnosticsJson(diagnostics)}\n`)
  else if (diagnostics.length > 0)
    process.stdout.write(renderDiagnostics(diagnostics, root, { color: useColor(process.stdout) }))
  else
    process.stdout.write(
      `${counted(Object.keys(plan?.pipelines ?? {}).length)}, no mistakes found\n`,
    )
  return plan === undefined ? EXIT.usage : EXIT.ok
}

const counted = (n: number) => `${n} ${n === 1 ? 'pipeline' : 'pipelines'}`
