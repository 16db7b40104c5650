// `sluice apply`: creates what the fleet declares and the brokers lack; changes and deletes nothing.
import { createInterface } from 'node:readline/promises'
import { resolveSetting } from '../compile/settings.ts'
import { SluiceError } from '../core/errors.ts'
import type { ConnectionPlan } from '../core/plan.ts'
import { connectWithin, makeConnections } from '../runtime/connections.ts'
import { provision } from '../runtime/provision.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { compileProject, findProject } from './project.ts'

export interface ApplyOptions {
  readonly project?: string
  readonly yes: boolean
  readonly format: 'text' | 'json'
}

export async function apply(options: ApplyOptions, composition: Composition): Promise<number> {
  const { world, env, log } = composition
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  if (!options.yes && !(await confirmed())) return EXIT.failed
  const prefix = resolveSetting(plan.prefix, env)
  const { topics, exchanges, queues } = plan
  const targets = [topics, exchanges, queues].flatMap((table) => Object.values(table))
  const names = new Set(targets.map(({ name }) => name))
  const used = new Set(targets.map(({ connection }) => connection))
  const connections = makeConnections(
    { plan, factories: composition.drivers(false), world, log },
    used,
  )
  const created: string[] = []
  try {
    for (const name of used) {
      const connection = plan.connections[name] as ConnectionPlan
      const driver = connections.all.get(name)
      if (driver !== undefined) await connectWithin(driver, connection, plan.connectWithinMs, world)
      created.push(...(await provision({ plan, prefix, connections, names }, name)))
    }
  } finally {
    await Promise.allSettled([...connections.all.values()].map((driver) => driver.close()))
  }
  const unchanged = targets.length - created.length
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify({ version: 1, created, unchanged })}\n`
      : `${created.map((name) => `+ ${name}\n`).join('')}${created.length} created, ${unchanged} there already\n`,
  )
  return EXIT.ok
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new SluiceError('SLU1001', {
      message: 'apply asks before it creates anything; without a terminal say --yes',
    })
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await lines.question(
    'Create the topics, exchanges and queues that are missing? [y/N] ',
  )
  lines.close()
  return /^y(es)?$/i.test(answer.trim())
}
