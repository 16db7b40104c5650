// The health of a fleet's brokers as typed functions, overall and per component; each broker is asked at most once a second, whoever asks us.
import { isoTime, type World } from '../../core/clock.ts'
import type { StateDriver } from '../../core/contract.ts'
import type { Logger } from '../../core/log.ts'
import type { ConnectionPlan, FleetPlan } from '../../core/plan.ts'
import { contextOf } from '../../runtime/connections.ts'
import { CacheWatch } from './cache-hits.ts'
import { Fresh } from './fresh.ts'
import {
  COMPONENTS,
  worst,
  type Component,
  type ComponentHealth,
  type ConnectionHealth,
  type OverallHealth,
  type WorkersHealth,
} from './health.ts'
import { healthOf, makeProbe, type InspectorFactories, type Probe } from './probe.ts'
import { workersHealth } from './workers.ts'

export type { InspectorFactories } from './probe.ts'

const KEEP_MS = 1_000

export interface MonitorParts {
  readonly plan: FleetPlan
  readonly profile: string
  readonly prefix: string
  readonly factories: InspectorFactories
  /** Where workers tell of themselves; undefined: nobody knows of them. */
  readonly state: StateDriver | undefined
  readonly world: World
  readonly log: Logger
}

export class Monitor {
  readonly probes: readonly Probe[]
  private readonly parts: MonitorParts
  private readonly connections: ReadonlyMap<string, Fresh<ConnectionHealth>>
  private readonly workers: Fresh<WorkersHealth> | undefined

  constructor(parts: MonitorParts) {
    this.parts = parts
    const { plan, prefix, factories, world, state } = parts
    this.probes = Object.values(plan.connections).map((connection) =>
      makeProbe({ plan, prefix, factories, context: contextOf(parts, connection) }, connection),
    )
    this.connections = new Map(
      this.probes.map((probe) => [
        probe.connection.name,
        new Fresh(world.clock, KEEP_MS, () => healthOf(probe)),
      ]),
    )
    const caches = new CacheWatch()
    this.workers =
      state &&
      new Fresh(world.clock, KEEP_MS, () => workersHealth(plan, prefix, state, world, caches))
  }

  /** Those that fleet.yaml connects to. */
  get components(): Component[] {
    const kinds = new Set(Object.values(this.parts.plan.connections).map(({ kind }) => kind))
    return COMPONENTS.filter((component) => kinds.has(component))
  }

  async getOverallHealth(): Promise<OverallHealth> {
    const { plan, profile, world } = this.parts
    const [components, workers] = await Promise.all([
      Promise.all(this.components.map((component) => this.component(component))),
      this.workers?.get() ?? null,
    ])
    return {
      version: 1,
      status: worst(workers === null ? components : [...components, workers]),
      fleet: plan.fleet,
      profile,
      at: isoTime(world.clock.now()),
      components: Object.fromEntries(components.map((health) => [health.component, health])),
      workers,
    }
  }

  checkRedisHealth(): Promise<ComponentHealth> {
    return this.component('redis')
  }

  checkRabbitmqHealth(): Promise<ComponentHealth> {
    return this.component('rabbitmq')
  }

  checkKafkaHealth(): Promise<ComponentHealth> {
    return this.component('kafka')
  }

  /** Never rejects: what cannot be asked fails. */
  async component(component: Component): Promise<ComponentHealth> {
    const names = Object.values(this.parts.plan.connections)
      .filter(({ kind }: ConnectionPlan) => kind === component)
      .map(({ name }) => name)
    const found = await Promise.all(
      names.map(async (name) => {
        const health = await (this.connections.get(name) as Fresh<ConnectionHealth>).get()
        return [name, health] as const
      }),
    )
    return {
      status: worst(found.map(([, health]) => health)),
      component,
      connections: Object.fromEntries(found),
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.probes.map((probe) => probe.close()))
  }
}
