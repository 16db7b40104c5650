// The tracer that records and exports; loaded only when an endpoint is configured.
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { Clock, World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Span, TraceContext, Tracer } from '../core/telemetry.ts'
import { OtlpHttp } from './otlp-http.ts'
import { PassingSpan } from './passing-span.ts'
import { createSemconv, resourceAttributes, SCOPE, type Start } from './semconv.ts'
import { createSpanExport } from './span-export.ts'
import { SpanQueue } from './span-queue.ts'
import { RecordedSpan, type SpanHome } from './span.ts'
import { formatContext, parseContext, SAMPLED, type ParsedContext } from './trace-context.ts'
import { TraceIds } from './trace-ids.ts'
import type { TraceSettings } from './trace-settings.ts'
import type { Tracing, TracingOptions } from './tracer.ts'

const FLUSH_MS = 5_000
const ANCHOR_MS = 60_000

export function createOtlpTracer(
  world: World,
  settings: TraceSettings,
  log: Logger,
  options: TracingOptions,
): Tracing {
  const { endpoint, queue: queueSettings } = settings
  const http = new OtlpHttp(endpoint, world.clock)
  const deliver = createSpanExport({
    http,
    json: endpoint.json,
    giveUpMs: queueSettings.giveUpMs,
    world,
    log,
  })
  const { backpressure = false } = options
  const queue = new SpanQueue({ settings: queueSettings, backpressure, deliver, world, log })
  const home: SpanHome = {
    resource: resourceFromAttributes(
      resourceAttributes({
        service: settings.service,
        version: options.version,
        instance: world.ids.next(),
        pid: process.pid,
        extra: settings.resource,
      }),
    ),
    scope: { name: SCOPE, ...(options.version === undefined ? {} : { version: options.version }) },
    limits: settings.limits,
    now: fineClock(world.clock),
    ended: (span) => queue.push(span),
  }
  return {
    tracer: tracerOf(home, settings, queue),
    flush: () => queue.flush(FLUSH_MS),
    close: async () => {
      await queue.flush(FLUSH_MS)
      await queue.close()
      http.close()
    },
    dropped: () => queue.dropped,
  }
}

function tracerOf(home: SpanHome, settings: TraceSettings, queue: SpanQueue): Tracer {
  const names = createSemconv(settings.legacyNames)
  const ids = new TraceIds()
  const span = (start: Start, context: TraceContext): Span => {
    const parent = parseContext(context)
    const traceId = parent?.traceId ?? ids.traceId()
    const recorded = settings.sampler(traceId, parent?.flags)
    if (!recorded && parent !== undefined) return new PassingSpan(formatContext(parent))
    const own: ParsedContext = {
      traceId,
      spanId: ids.spanId(),
      flags: recorded ? (parent?.flags ?? 0) | SAMPLED : 0,
      tracestate: parent?.tracestate,
    }
    // What is not recorded still carries the decision on, so that the steps of one message share it.
    return recorded
      ? new RecordedSpan(home, start, own, parent)
      : new PassingSpan(formatContext(own))
  }
  return {
    enabled: true,
    process: (operation, parent) => span(names.process(operation), parent),
    send: (operation, parent) => span(names.send(operation), parent),
    cache: (operation, parent) => span(names.cache(operation), parent),
    call: (operation, parent) => span(names.call(operation), parent),
    room: () => queue.room(),
  }
}

/** Wall time with the fine steps of the monotonic clock; follows the wall clock when that is set anew. */
function fineClock(clock: Clock): () => number {
  let anchoredAt = clock.monotonic()
  let offset = clock.now() - anchoredAt
  return () => {
    const at = clock.monotonic()
    if (at - anchoredAt > ANCHOR_MS) {
      anchoredAt = at
      offset = clock.now() - at
    }
    return offset + at
  }
}
