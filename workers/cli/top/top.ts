// `sluice top`: every process of the fleet, as it says itself in the state store; live on a terminal, once elsewhere.
import { resolveSetting } from '../../compile/settings.ts'
import type { StateDriver } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ConnectionPlan, FleetPlan } from '../../core/plan.ts'
import { readFleet } from '../../ops/fleet-status.ts'
import { connectWithin, makeConnections, stateUse } from '../../runtime/connections.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { liveView } from '../live-view.ts'
import { compileProject, findProject, useColor } from '../project.ts'
import { FleetLines } from './fleet-lines.ts'

export interface TopOptions {
  readonly project?: string
  readonly format: 'text' | 'json'
}

/** Returns the exit code. Rejects with SLU0530 without a state store, and with SLU1101 when it is away. */
export async function top(options: TopOptions, composition: Composition): Promise<number> {
  const { world, env, log } = composition
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  const state = await openState(plan, composition)
  const look = () => readFleet(plan, resolveSetting(plan.prefix, env), state)
  try {
    const first = await look()
    const out = process.stdout
    if (options.format === 'json') out.write(`${JSON.stringify(first)}\n`)
    else if (out.isTTY) {
      const lines = new FleetLines(useColor(out), () => world.clock.now())
      await liveView(first, look, (seen) => lines.of(seen), world.clock)
    } else out.write(`${new FleetLines(false, () => world.clock.now()).of(first).join('\n')}\n`)
    return EXIT.ok
  } finally {
    await state.close()
  }
}

async function openState(
  plan: FleetPlan,
  { world, log, drivers }: Composition,
): Promise<StateDriver> {
  if (plan.state === undefined)
    throw new SluiceError('SLU0530', {
      message: 'workers tell of themselves in the state store, and the fleet has none',
    })
  const { connection } = plan.state
  const factories = drivers(false)
  const connections = makeConnections({ plan, factories, world, log }, [stateUse(connection)])
  const state = connections.state(connection)
  try {
    const at = plan.connections[connection] as ConnectionPlan
    await connectWithin(state, at, plan.connectWithinMs, world)
  } catch (error) {
    await state.close()
    throw error
  }
  return state
}
