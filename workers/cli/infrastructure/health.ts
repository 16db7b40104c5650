// `sluice health`: what every broker of the fleet says of itself now, held against the thresholds of fleet.yaml.
import type { OverallHealth } from '../../ops/health/health.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { compileProject, findProject, useColor } from '../project.ts'
import { healthText } from './health-text.ts'
import { openMonitor } from './open.ts'

export interface HealthOptions {
  readonly project?: string
  readonly format: 'text' | 'json'
}

/** Returns the exit code. Rejects for variables that are missing or malformed. */
export async function health(options: HealthOptions, composition: Composition): Promise<number> {
  const compiled = await compileProject(
    findProject(options.project),
    process.stderr,
    composition.log,
  )
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  const { monitor, close } = await openMonitor(plan, composition.drivers(false), composition)
  try {
    const found = await monitor.getOverallHealth()
    process.stdout.write(
      options.format === 'json'
        ? `${JSON.stringify(found)}\n`
        : healthText(found, useColor(process.stdout)),
    )
    return exitOf(found)
  } finally {
    await close()
  }
}

/** 3 when a broker is away, 1 when one is unwell. */
export function exitOf({ status, components }: OverallHealth): number {
  const all = Object.values(components).flatMap(({ connections }) => Object.values(connections))
  if (all.some(({ facts }) => facts === null)) return EXIT.environment
  return status === 'fail' ? EXIT.failed : EXIT.ok
}
