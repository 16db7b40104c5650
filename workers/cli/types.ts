// `sluice types`: writes the generated files, or with --check says which are out of date.
import { generate, outdated, write } from '../compile/typegen.ts'
import { EXIT } from './exit.ts'
import { findProject } from './project.ts'

export async function types(options: { project?: string; check: boolean }): Promise<number> {
  const root = findProject(options.project)
  const generated = await generate(root)
  const stale = outdated(root, generated)
  if (!options.check) write(root, generated)
  const verb = options.check ? 'out of date' : 'written'
  for (const file of stale) process.stdout.write(`${verb}: ${file}\n`)
  if (stale.length === 0) process.stdout.write(`${generated.length} files are up to date\n`)
  else if (options.check) process.stdout.write('next: npx sluice types\n')
  return options.check && stale.length > 0 ? EXIT.failed : EXIT.ok
}
