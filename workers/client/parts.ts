// What every client of one fleet stands on: its plan, its checks, its connections; each is connected at its first use.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import { SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { Tracer } from '../core/telemetry.ts'
import { createFormats, type Formats } from '../runtime/formats/formats.ts'
import {
  connectionOf,
  connectWithin,
  makeConnections,
  registryUse,
  type Connections,
  type DriverFactories,
} from '../runtime/connections.ts'

export interface ClientParts {
  readonly plan: FleetPlan
  readonly prefix: string
  readonly factories: DriverFactories
  readonly checkOf: (schema: string) => Check
  readonly world: World
  readonly log: Logger
  readonly tracer: Tracer
}

type ConnectionParts = Pick<ClientParts, 'plan' | 'prefix' | 'factories' | 'world' | 'log'>

/** The connections of one client, each made at its first use. */
export class ClientConnections {
  private readonly parts: ConnectionParts
  private readonly made = new Map<string, Connections>()
  private readonly connecting = new Map<string, Promise<void>>()
  readonly formats: Formats

  constructor(parts: ConnectionParts) {
    const { plan, prefix, world } = parts
    this.parts = parts
    const registryOf = (name: string) => this.of(registryUse(name)).registry(name)
    this.formats = createFormats({ plan, prefix, registryOf, clock: world.clock })
  }

  /** Not connected yet. `use` is that of runtime/connections.ts. */
  of(use: string): Connections {
    const known = this.made.get(use)
    if (known !== undefined) return known
    const connections = makeConnections(this.parts, [use])
    this.made.set(use, connections)
    return connections
  }

  /** All of them. */
  async allConnected(uses: readonly string[]): Promise<void> {
    await Promise.all(uses.map((use) => this.connected(use)))
  }

  /** Resolves when it was connected once; rejects with SLU1101 after `connect.within`, and tries again when it is asked again. */
  connected(use: string): Promise<void> {
    const known = this.connecting.get(use)
    if (known !== undefined) return known
    const { plan, world } = this.parts
    const driver = this.of(use).all.get(use)
    const connection = plan.connections[connectionOf(use)]
    if (driver === undefined || connection === undefined)
      throw new RangeError(`${use} is no use of a connection`)
    const attempt = connectWithin(driver, connection, plan.connectWithinMs, world)
    this.connecting.set(use, attempt)
    attempt.catch(() => this.connecting.delete(use))
    return attempt
  }

  async close(): Promise<void> {
    const drivers = [...this.made.values()].flatMap(({ all }) => [...all.values()])
    await Promise.all(drivers.map((driver) => driver.close()))
  }
}

/** Names of users may be those of properties that every object has. */
export function named<Entry>(
  kind: string,
  table: Readonly<Record<string, Entry>>,
  name: string,
): Entry {
  const entry = Object.hasOwn(table, name) ? table[name] : undefined
  if (entry !== undefined) return entry
  const known = Object.keys(table)
  throw new SluiceError('SLU1250', {
    message: `the fleet has no ${kind} "${name}"; there is: ${known.length === 0 ? 'none' : known.join(', ')}`,
  })
}
