// The telemetry port: operations in our own words; OpenTelemetry's names for them live in telemetry/semconv.ts alone.
import type { SluiceError } from './errors.ts'

/** W3C trace context as it travels in headers. Both absent: not traced. */
export interface TraceContext {
  readonly traceparent?: string
  readonly tracestate?: string
}

export interface Span {
  /** Put this into the headers of whatever leaves under this span. Passes the parent on when nothing is recorded. */
  readonly context: TraceContext
  /** The id for log lines; empty when nothing is recorded. */
  readonly traceId: string
  readonly spanId: string
  /** A moment worth seeing: `retry`, `dead-letter`, `wait`. */
  event(name: string, attributes?: Record<string, string | number | boolean>): void
  /** Adds a link to another trace, for example the one that filled a cache entry. Malformed contexts are ignored. */
  link(context: TraceContext): void
  /** In our own words (`cache.result`); telemetry puts its namespace before them. */
  set(attributes: Record<string, string | number | boolean>): void
  fail(error: SluiceError): void
  /** Idempotent. */
  end(): void
}

export interface ProcessOperation {
  readonly pipeline: string
  /** The topic's or queue's name in fleet.yaml: the span is `process <destination>`. */
  readonly destination: string
  readonly system: 'kafka' | 'rabbitmq' | 'bullmq'
  readonly group?: string
  readonly partition?: number
  readonly offset?: number
  readonly messageId?: string
}
export interface SendOperation {
  readonly destination: string
  readonly system: 'kafka' | 'rabbitmq' | 'bullmq' | 'redis'
  readonly messageId: string
  readonly pipeline?: string
  readonly step?: string
  /** Of which item of a split it is. */
  readonly item?: string | undefined
  readonly bytes: number
}
export interface CacheOperation {
  readonly cache: string
  readonly step: string
}
export interface CallOperation {
  readonly handler: string
  readonly step: string
  readonly item?: string | undefined
  readonly attempt: number
}

export interface Tracer {
  /** False: every span is a pass-through and costs next to nothing. */
  readonly enabled: boolean
  /** Parent is the context found in the message's headers (hostile input: malformed is as absent). */
  process(operation: ProcessOperation, parent: TraceContext): Span
  send(operation: SendOperation, parent: TraceContext): Span
  cache(operation: CacheOperation, parent: TraceContext): Span
  call(operation: CallOperation, parent: TraceContext): Span
  /** Resolves when the exporter has room; undefined when it has room now. Waiting here means that no span is dropped. */
  room(): Promise<void> | undefined
}

/**
 * `parked`: a copy that waits for another attempt is confirmed; when it comes back, it is accepted again.
 * Conservation, per pipeline: accepted = acked + filtered + deadLettered + duplicates + parked + released + inFlight, at every instant.
 */
export interface PipelineCounts {
  accepted: number
  acked: number
  filtered: number
  deadLettered: number
  duplicates: number
  parked: number
  inFlight: number
  retried: number
  /** Handed back unsettled at a drain, a rebalance or a lost session: somebody takes them again. */
  released: number
}
/** How a pipeline stands now. */
export interface PipelineStanding {
  readonly pipeline: string
  /**
   * paused: by its guard. waits: a breaker is open. apart: it has no part of its source. stalled: what waits for it does not move.
   * runs: none of these.
   */
  readonly state: (typeof STANDINGS)[number]
  /** How often its partitions were taken from it, to be given out anew; undefined of what is no topic. */
  readonly rebalances: number | undefined
}
export const STANDINGS = ['runs', 'paused', 'waits', 'apart', 'stalled'] as const

export interface CacheCounts {
  hits: number
  misses: number
  loads: number
  bypassed: number
  /** Hits that waited for a load of another process. */
  waited: number
  /** Tags that were forgotten. */
  forgotten: number
}

export interface BreakerCounts {
  /** open: calls are held back. half-open: one at a time is let through. */
  state: 'closed' | 'half-open' | 'open'
  /** How often it opened after it was closed. */
  opened: number
  /** Calls that were held back. */
  refused: number
  failedProbes: number
}

/** Of one queue that is asked. */
export interface RequestCounts {
  /** Waiting for an answer now. */
  pending: number
  answered: number
  failed: number
}

/** Of one pipeline that answers. */
export interface ReplyCounts {
  sent: number
  /** Nobody was there any more to take it. */
  undeliverable: number
}

/** Of one window step. */
export interface WindowCounts {
  counted: number
  /** Came after their window was closed, and are in none. */
  late: number
  /** Were counted before. */
  repeated: number
  /** Windows that were handed over. */
  closed: number
}

/** Everything a process counts; read by /metrics, by `run --format json`, by the live line. */
export interface Counts {
  readonly pipelines: Record<string, PipelineCounts>
  /** Confirmed sends by destination name, dead letters included. */
  readonly sent: Record<string, number>
  readonly caches: Record<string, CacheCounts>
  readonly breakers: Record<string, BreakerCounts>
  /** By queue. */
  readonly requests: Record<string, RequestCounts>
  /** By pipeline. */
  readonly replies: Record<string, ReplyCounts>
  /** By pipeline and step, `rollup/closed`. */
  readonly windows: Record<string, WindowCounts>
}

export interface Meter {
  /** One message reached its end after `seconds` at work. */
  processed(
    pipeline: string,
    outcome: 'acked' | 'filtered' | 'deadLettered' | 'duplicates' | 'parked',
    seconds: number,
  ): void
}

/** A probe's answer. */
export interface Check {
  readonly name: string
  readonly status: 'pass' | 'fail'
  readonly detail: string
}
