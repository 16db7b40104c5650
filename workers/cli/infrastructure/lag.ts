// `sluice lag`: what waits on every broker of the fleet; once, or live on a terminal with --watch.
import { lagOf } from '../../ops/lag.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { liveView } from '../live-view.ts'
import { compileProject, findProject, useColor } from '../project.ts'
import { lagLines } from './lag-lines.ts'
import { openMonitor } from './open.ts'

export interface LagOptions {
  readonly project?: string
  readonly watch: boolean
  readonly format: 'text' | 'json'
}

/** Returns the exit code: 3 when a broker did not answer, whatever the others said. Rejects for variables that are missing or malformed. */
export async function lag(options: LagOptions, composition: Composition): Promise<number> {
  const compiled = await compileProject(
    findProject(options.project),
    process.stderr,
    composition.log,
  )
  if (compiled === undefined) return EXIT.usage
  // Nobody asks for workers here, so the state store is left alone.
  const plan = { ...compiled.plan, state: undefined }
  const { monitor, close } = await openMonitor(plan, composition.drivers(false), composition)
  const look = () => lagOf(plan.fleet, monitor.probes)
  try {
    const first = await look()
    const out = process.stdout
    const lines = (seen: typeof first) => lagLines(seen, useColor(out))
    if (options.format === 'json') out.write(`${JSON.stringify(first)}\n`)
    else if (options.watch && out.isTTY) await liveView(first, look, lines, composition.world.clock)
    else out.write(`${lines(first).join('\n')}\n`)
    return first.away.length > 0 ? EXIT.environment : EXIT.ok
  } finally {
    await close()
  }
}
