// The tracer that records and exports; it loads OpenTelemetry's code only because an endpoint is configured.
import type { Clock, World } from '../core/clock.ts'
import { asError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Span, TraceContext, Tracer } from '../core/telemetry.ts'
import { OtlpHttp } from './otlp-http.ts'
import { PassingSpan } from './passing-span.ts'
import {
  createSemconv,
  resourceAttributes,
  SCOPE,
  type ResourceFacts,
  type Start,
} from './semconv.ts'
import type { SpanExportParts } from './span-export.ts'
import { SpanQueue, type Deliver } from './span-queue.ts'
import { RecordedSpan, type Resource, type SpanHome } from './span.ts'
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
  const deliver = deliverLater({
    http,
    json: endpoint.json,
    giveUpMs: queueSettings.giveUpMs,
    world,
    log,
  })
  const { backpressure = false } = options
  const queue = new SpanQueue({ settings: queueSettings, backpressure, deliver, world, log })
  const home: SpanHome = {
    resource: resourceOf({
      service: settings.service,
      version: options.version,
      instance: world.ids.next(),
      pid: process.pid,
      extra: settings.resource,
    }),
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

/** Loading the encoders takes some 60 ms: it starts at once, so that the first batch does not wait for it. */
function deliverLater(parts: SpanExportParts): Deliver {
  const ready = import('./span-export.ts').then(
    ({ createSpanExport }) => createSpanExport(parts),
    (cause: unknown): Deliver => {
      const why = asError(cause).message
      return (spans) => Promise.resolve({ lost: spans.length, why, dead: false })
    },
  )
  return async (spans, signal) => (await ready)(spans, signal)
}

/** All that the encoders read of a resource; the SDK's own would cost a worker another 12 MB. */
function resourceOf(facts: ResourceFacts): Resource {
  const attributes = resourceAttributes(facts)
  const resource: Resource = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  }
  return resource
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
