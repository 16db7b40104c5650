// `sluice plan`: shows what `apply` would do and refuse, and saves it; changes nothing.
import type { Flag } from '../ops/changes.ts'
import { Brokers } from '../ops/brokers.ts'
import { renderPlan } from '../ops/render-plan.ts'
import { documentOf, save } from '../ops/saved-plan.ts'
import { resolveSetting } from '../compile/settings.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { compileProject, findProject, useColor } from './project.ts'

export interface PlanOptions {
  readonly project?: string
  readonly format: 'text' | 'json'
  readonly allow: readonly Flag[]
  readonly out?: string
  readonly check: boolean
}

export async function plan(options: PlanOptions, composition: Composition): Promise<number> {
  const brokers = await openBrokers(options, composition)
  if (brokers === undefined) return EXIT.usage
  try {
    const planned = await brokers.plan(options.allow)
    const document = documentOf(planned)
    if (options.format === 'json') process.stdout.write(`${JSON.stringify(document)}\n`)
    else process.stdout.write(renderPlan(planned, { color: useColor(process.stdout) }))
    if (options.out !== undefined) save(options.out, document)
    if (options.format === 'text' && planned.changes.some(({ risk }) => risk !== 'refused'))
      process.stdout.write(`next: npx sluice apply${next(options)}\n`)
    return options.check && planned.changes.length > 0 ? EXIT.failed : EXIT.ok
  } finally {
    await brokers.close()
  }
}

const next = ({ out, allow }: PlanOptions) =>
  out === undefined ? allow.map((flag) => ` --allow ${flag}`).join('') : ` --plan ${out}`

/** Connected; undefined when the project has faults, which are printed. */
export async function openBrokers(
  { project }: { readonly project?: string },
  { world, env, log, admins }: Composition,
): Promise<Brokers | undefined> {
  const compiled = await compileProject(findProject(project), process.stderr, log)
  if (compiled === undefined) return undefined
  const prefix = resolveSetting(compiled.plan.prefix, env)
  const brokers = new Brokers({ plan: compiled.plan, prefix, factories: admins, world, log })
  try {
    await brokers.connect()
    return brokers
  } catch (error) {
    await brokers.close()
    throw error
  }
}
