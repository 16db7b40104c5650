// From the files of a project to a version that processes can be started from; nothing is started while there is a mistake.
import { resolveSetting } from '../../compile/settings.ts'
import { SluiceError } from '../../core/errors.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { connectionsOf, makeConnections } from '../../runtime/connections.ts'
import type { Version } from '../../runtime/fleet/process.ts'
import type { Composition } from '../composition.ts'
import { compileProject } from '../project.ts'
import { freeze } from '../frozen-plan.ts'
import { versionOf, type ProcessParts } from './processes.ts'

export interface Loaded {
  readonly plan: FleetPlan
  readonly version: Version
}

/** Undefined when there are mistakes, which have been printed to stderr. Rejects for names and variables that are not there. */
export async function loadVersion(
  root: string,
  asked: readonly string[],
  parts: ProcessParts,
  composition: Composition,
): Promise<Loaded | undefined> {
  const compiled = await compileProject(root, process.stderr, composition.log)
  if (compiled === undefined) return undefined
  const { plan } = compiled
  const names = chooseWorkers(plan, asked)
  await assertVariables(plan, names, composition)
  return { plan, version: versionOf(freeze(compiled), names, parts) }
}

/** The workers asked for, or all. */
function chooseWorkers({ workers }: FleetPlan, asked: readonly string[]): string[] {
  const known = Object.keys(workers)
  if (known.length === 0) throw new SluiceError('SLU0556')
  for (const name of asked)
    if (!known.includes(name))
      throw new SluiceError('SLU1001', {
        message: `there is no worker "${name}"; there is: ${known.join(', ')}`,
      })
  return asked.length > 0 ? [...new Set(asked)] : known
}

/** A variable that is missing here is missing in each process, at every start: SLU1102 or SLU1103 now. */
async function assertVariables(
  plan: FleetPlan,
  names: readonly string[],
  { world, env, log, drivers }: Composition,
): Promise<void> {
  resolveSetting(plan.prefix, env)
  const connections = new Set<string>()
  for (const name of names)
    for (const pipeline of plan.workers[name]?.pipelines ?? []) {
      const found = plan.pipelines[pipeline]
      if (found === undefined) continue
      const { required, optional } = connectionsOf(plan, found)
      for (const connection of [...required, ...optional]) connections.add(connection)
    }
  const made = makeConnections({ plan, factories: drivers(false), world, log }, connections)
  await Promise.all([...made.all.values()].map((driver) => driver.close()))
}
