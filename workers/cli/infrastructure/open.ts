// Opens what health, lag and the operations API look through: a monitor of the brokers, and the state store where workers tell of themselves.
import { resolveSetting } from '../../compile/settings.ts'
import type { StateDriver } from '../../core/contract.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { Monitor } from '../../ops/health/monitor.ts'
import { makeConnections, stateUse } from '../../runtime/connections.ts'
import type { BrokerFactories, Composition } from '../composition.ts'

export interface Opened {
  readonly monitor: Monitor
  /** Undefined where the fleet has none. */
  readonly state: StateDriver | undefined
  /** Never rejects. */
  close(): Promise<void>
}

/** Rejects for variables that are missing or malformed. A state store that is away comes up later; nobody waits longer for it than for any broker. */
export async function openMonitor(
  plan: FleetPlan,
  factories: BrokerFactories,
  { world, env, log }: Composition,
): Promise<Opened> {
  const profile = resolveSetting(plan.profile, env)
  const prefix = resolveSetting(plan.prefix, env)
  const state = stateOf(plan, factories, { world, log })
  const { inspectors } = factories
  const monitor = new Monitor({ plan, profile, prefix, factories: inspectors, state, world, log })
  const tried = new AbortController()
  // The driver goes on trying by itself.
  const first = state?.connect().catch(() => {})
  await Promise.race([first, world.clock.sleep(plan.health.withinMs, tried.signal)])
  tried.abort()
  return {
    monitor,
    state,
    async close() {
      await Promise.allSettled([monitor.close(), state?.close()])
    },
  }
}

function stateOf(
  plan: FleetPlan,
  factories: BrokerFactories,
  { world, log }: Pick<Composition, 'world' | 'log'>,
): StateDriver | undefined {
  if (plan.state === undefined) return undefined
  const { connection } = plan.state
  const connections = makeConnections({ plan, factories, world, log }, [stateUse(connection)])
  return connections.state(connection)
}
