// Opens what `sluice ops` tells alerts with: the queue that takes them, and the watch over health; of a fleet without `alerting` nothing.
import { checkerOf } from '../../compile/schemas.ts'
import { resolveSetting } from '../../compile/settings.ts'
import type { StateDriver } from '../../core/contract.ts'
import { createAnnounce, destinationOf } from '../../ops/alerting/announce.ts'
import { AlertWatch } from '../../ops/alerting/watch.ts'
import type { Monitor } from '../../ops/health/monitor.ts'
import { makeConnections } from '../../runtime/connections.ts'
import { noCounts } from '../../runtime/counts.ts'
import { provision } from '../../runtime/provision.ts'
import type { NumberMetric } from '../../telemetry/prometheus.ts'
import type { BrokerFactories, Composition } from '../composition.ts'
import type { FoundFleet } from '../find-fleet.ts'

export interface Alerting {
  start(): void
  metrics(): readonly NumberMetric[]
  /** Idempotent, never rejects. */
  stop(): Promise<void>
}

const NONE: Alerting = { start: () => {}, metrics: () => [], stop: () => Promise.resolve() }

export interface AlertingParts {
  readonly found: FoundFleet
  readonly monitor: Monitor
  readonly state: StateDriver | undefined
  readonly factories: BrokerFactories
}

/** Rejects for variables that are missing or malformed. Connects once it is started, for as long as it takes. */
export async function openAlerting(
  { found, monitor, state, factories }: AlertingParts,
  composition: Composition,
): Promise<Alerting> {
  const { world, env, log } = composition
  const { plan } = found
  const { alerting, fleet } = plan
  const module = await found.loadAlerting()
  if (alerting === undefined || module === undefined || state === undefined) return NONE
  const prefix = resolveSetting(plan.prefix, env)
  const { name, connection, schema, sink } = destinationOf(plan, prefix, alerting)
  const connections = makeConnections({ plan, factories, world, log }, [connection])
  const driver = connections.queue(connection)
  const telemetry = composition.telemetry(noCounts, { complete: false })
  const watch = new AlertWatch({
    fleet,
    prefix,
    plan: alerting,
    look: () => monitor.getOverallHealth(),
    state,
    announce: createAnnounce({
      plan: alerting,
      fleet,
      name,
      module,
      check: schema === undefined ? () => undefined : checkerOf(plan)(schema),
      driver,
      sink: sink(driver),
      async prepare() {
        if (!plan.provision) return
        const names = new Set([name])
        const created = await provision({ plan, prefix, connections, names }, connection)
        if (created.length > 0) log.info({ connection, created }, 'Created what was missing.')
      },
      tracer: telemetry.tracer,
      world,
    }),
    world,
    log,
  })
  return {
    start() {
      // The driver goes on trying by itself.
      void driver.connect().catch(() => {})
      watch.start()
    },
    metrics: () => watch.metrics(),
    async stop() {
      await watch.stop()
      await Promise.allSettled([driver.close(), telemetry.close()])
    },
  }
}
