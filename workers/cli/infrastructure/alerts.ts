// `sluice alerts`: writes the rules that Prometheus alerts by, made from the fleet; with --check says whether they are out of date.
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { writeFile } from '../../compile/write-file.ts'
import type { Logger } from '../../core/log.ts'
import { rulesFile } from '../../ops/alerts/rules-file.ts'
import { EXIT } from '../exit.ts'
import { compileProject, findProject } from '../project.ts'

export interface AlertsOptions {
  readonly project?: string
  /** From the folder of the project. */
  readonly file: string
  readonly check: boolean
}

export async function alerts(
  { project, file, check }: AlertsOptions,
  log: Logger,
): Promise<number> {
  const compiled = await compileProject(findProject(project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  const path = resolve(plan.root, file)
  const name = relative(plan.root, path)
  const text = rulesFile(plan)
  if (contentOf(path) === text) {
    process.stdout.write(`${name} is up to date\n`)
    return EXIT.ok
  }
  if (check) {
    process.stdout.write(`out of date: ${name}\nnext: npx sluice alerts\n`)
    return EXIT.failed
  }
  writeFile(path, text)
  process.stdout.write(`written: ${name}\n`)
  return EXIT.ok
}

/** Undefined for a file that is not there. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
