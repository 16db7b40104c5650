// Reads W3C trace context from message headers; the tracer decides whether it is well formed.
import { headerText, type Headers } from '../core/message.ts'
import type { TraceContext } from '../core/telemetry.ts'

const NONE: TraceContext = {}

export function traceOf(headers: Headers): TraceContext {
  const traceparent = headerText(headers, 'traceparent')
  if (traceparent === undefined) return NONE
  const tracestate = headerText(headers, 'tracestate')
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}
