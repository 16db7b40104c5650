// `sluice top`: every process of the fleet, as it says itself in the state store; live on a terminal, once elsewhere.
import { resolveSetting } from '../../compile/settings.ts'
import type { StateDriver } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ConnectionPlan, FleetPlan } from '../../core/plan.ts'
import { readFleet, type FleetStatus } from '../../ops/fleet-status.ts'
import { connectWithin, makeConnections, stateUse } from '../../runtime/connections.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { compileProject, findProject, useColor } from '../project.ts'
import { onStopSignal } from '../signals.ts'
import { Screen } from '../screen.ts'
import { FleetLines } from './fleet-lines.ts'

export interface TopOptions {
  readonly project?: string
  readonly format: 'text' | 'json'
}

const EVERY_MS = 1_000

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
    else if (out.isTTY) await live(first, look, composition)
    else out.write(`${new FleetLines(false, () => world.clock.now()).of(first).join('\n')}\n`)
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

/** Until it is told to stop. A store that goes away is said; what was seen last stays on the screen. */
async function live(
  first: FleetStatus,
  look: () => Promise<FleetStatus>,
  { world: { clock } }: Composition,
): Promise<void> {
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), clock)
  const lines = new FleetLines(useColor(process.stdout), () => clock.now())
  let seen = first
  let trouble = ''
  const shown = () => [...lines.of(seen), ...(trouble === '' ? [] : [trouble])]
  const screen = new Screen(process.stdout, shown, clock)
  const told = new AbortController()
  void stop.promise.then(() => told.abort())
  while (!stop.requested) {
    await clock.sleep(EVERY_MS, told.signal)
    try {
      seen = await look()
      trouble = ''
    } catch (error) {
      trouble = `as of a moment ago: ${(error as Error).message}`
    }
  }
  screen.stop()
  stop.dispose()
}
