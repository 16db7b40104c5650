// What the commands need from the composition root, so that main.ts stays the only file that names drivers.
import type { World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Counts, Meter, PipelineStanding, Tracer } from '../core/telemetry.ts'
import type { AdminFactories } from '../ops/brokers.ts'
import type { InspectorFactories } from '../ops/health/monitor.ts'
import type { DriverFactories } from '../runtime/connections.ts'
import type { EmbeddedBrokers } from '../testing/stage.ts'

export interface Telemetry {
  readonly tracer: Tracer
  readonly meter: Meter
  metricsText(): Promise<string>
  /** Exports what is pending, bounded. */
  close(): Promise<void>
}

/** How brokers are used, and how they are looked at. */
export interface BrokerFactories extends DriverFactories {
  readonly inspectors: InspectorFactories
}

export interface Composition {
  readonly world: World
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
  /** The same log on another stream, as people read it. */
  logTo(stream: { write(text: string): unknown; readonly isTTY: true }): Logger
  /** Embedded drivers of one call share one state: what is sent by one is read by the other. */
  drivers(embedded: boolean): BrokerFactories
  /** Embedded brokers of their own in another world, which can be taken away. */
  embedded(world: World): EmbeddedBrokers & { readonly inspectors: InspectorFactories }
  /** Of real brokers: what is embedded is made anew in every process. */
  readonly admins: AdminFactories
  /** `complete`: no span is dropped; whoever makes spans waits for the exporter. */
  telemetry(
    counts: () => Counts,
    options: { complete: boolean; standings?: () => readonly PipelineStanding[] },
  ): Telemetry
}
