// Opens what a command about dead letters needs: the destinations, the ledger if the fleet has a state store, and what it may send to.
import { resolveSetting } from '../../compile/settings.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ConnectionPlan, FleetPlan, KafkaPlan } from '../../core/plan.ts'
import { destinationsOf, type Destination, type Reach } from '../../ops/dlq/destinations.ts'
import { Ledger } from '../../ops/dlq/ledger.ts'
import {
  connectionOf,
  connectWithin,
  makeConnections,
  registryUse,
  stateUse,
  type Connections,
} from '../../runtime/connections.ts'
import { createFormats } from '../../runtime/formats/formats.ts'
import { isRegistered } from '../../runtime/formats/registered.ts'
import type { Composition } from '../composition.ts'
import { hasRegistry, registryConfig } from '../drivers.ts'
import { compileProject, findProject } from '../project.ts'

export interface Opened extends Reach {
  readonly plan: FleetPlan
  readonly connections: Connections
  readonly destinations: readonly Destination[]
  /** Undefined: the fleet has no state store, and every letter is open. */
  readonly ledger: Ledger | undefined
  close(): Promise<void>
}

export interface OpenOptions {
  readonly project?: string | undefined
  /** Destinations by name; none: all of the fleet. */
  readonly asked: readonly string[]
  /** Replays and drops are remembered, so there must be a place for it. */
  readonly needsLedger: boolean
  /** More connections, by name. */
  readonly also?: (plan: FleetPlan) => Iterable<string>
}

/** Connected; undefined when the project has faults, which are printed. */
export async function openLetters(
  options: OpenOptions,
  { world, env, log, drivers }: Composition,
): Promise<Opened | undefined> {
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return undefined
  const { plan } = compiled
  const destinations = destinationsOf(plan, options.asked)
  const { state } = plan
  if (state === undefined && options.needsLedger)
    throw new SluiceError('SLU0530', {
      message:
        'what was replayed or dropped is remembered in the state store, and the fleet has none',
    })
  const prefix = resolveSetting(plan.prefix, env)
  // Looking needs nobody's answer: without a registry, or its name, people see bytes.
  const kafkaOf = (connection: string) => plan.connections[connection] as KafkaPlan
  const registries = new Set(
    Object.values(plan.topics)
      .filter((topic) => isRegistered(topic) && hasRegistry(kafkaOf(topic.connection), env))
      .map(({ connection }) => registryUse(connection)),
  )
  const uses = new Set([
    ...destinations.map(({ use }) => use),
    ...(options.also?.(plan) ?? []),
    ...(state === undefined ? [] : [stateUse(state.connection)]),
    ...registries,
  ])
  const connections = makeConnections({ plan, factories: drivers(false), world, log }, uses)
  const close = async () => {
    await Promise.allSettled([...connections.all.values()].map((driver) => driver.close()))
  }
  try {
    for (const [use, driver] of connections.all)
      if (registries.has(use)) await driver.connect().catch(() => {})
      else
        await connectWithin(
          driver,
          plan.connections[connectionOf(use)] as ConnectionPlan,
          plan.connectWithinMs,
          world,
        )
  } catch (error) {
    await close()
    throw error
  }
  return {
    plan,
    prefix,
    connections,
    formats: createFormats({
      plan,
      prefix,
      registryOf(connection) {
        // Throws why there is none, for whoever has to write.
        registryConfig(kafkaOf(connection), env)
        return connections.registry(connection)
      },
      clock: world.clock,
    }),
    destinations,
    ledger:
      state === undefined
        ? undefined
        : new Ledger({
            state: connections.state(state.connection),
            namespace: `${prefix}${plan.fleet}`,
            token: world.ids.next(),
          }),
    close,
  }
}
