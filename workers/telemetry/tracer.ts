// Makes the tracer of a process: one that exports when the environment names an endpoint, else one that only hands contexts on.
import type { World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Span, TraceContext, Tracer } from '../core/telemetry.ts'
import type { Env } from './env-reader.ts'
import { createOtlpTracer } from './otlp-tracer.ts'
import { PassingSpan } from './passing-span.ts'
import { soundContext } from './trace-context.ts'
import { traceSettings } from './trace-settings.ts'

export interface Tracing {
  readonly tracer: Tracer
  /** Resolves when what has ended was exported or given up; after 5 s at the latest. */
  flush(): Promise<void>
  /** Flushes, then lets go of the endpoint. Idempotent. */
  close(): Promise<void>
  /** Spans that were lost: queue full, endpoint dead, batch refused. */
  dropped(): number
}

export interface TracingOptions {
  /**
   * True: whoever waits in `room()` loses no span, and a dead endpoint costs at most the time that a batch is tried again.
   * False: `room()` never makes anyone wait, and a full queue drops.
   */
  readonly backpressure?: boolean
  readonly version?: string
}

export function createTracer(
  world: World,
  env: Env,
  log: Logger,
  options: TracingOptions = {},
): Tracing {
  const settings = traceSettings(env, log)
  return settings === undefined ? passing : createOtlpTracer(world, settings, log, options)
}

const nothing = new PassingSpan({})

function pass(_operation: object, parent: TraceContext): Span {
  const context = soundContext(parent)
  return context.traceparent === undefined ? nothing : new PassingSpan(context)
}

const passing: Tracing = {
  tracer: {
    enabled: false,
    process: pass,
    send: pass,
    cache: pass,
    call: pass,
    room: () => undefined,
  },
  flush: async () => {},
  close: async () => {},
  dropped: () => 0,
}
