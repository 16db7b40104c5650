// What leaves as a body: data that fits its schema, as JSON.
import type { Check } from '../core/check.ts'
import { SluiceError } from '../core/errors.ts'
import type { Headers } from '../core/message.ts'
import type { Position } from '../core/plan.ts'
import type { TraceContext } from '../core/telemetry.ts'

/** `what`: the body for alerts. Throws SLU5105 or SLU5107 at the expression. */
export function encodeBody(body: unknown, what: string, check: Check, at: Position): Buffer {
  const problem = check(body)
  if (problem !== undefined)
    throw new SluiceError('SLU5105', {
      message: `${what} does not fit its schema: ${problem}`,
      at,
    })
  try {
    return Buffer.from(JSON.stringify(body))
  } catch (cause) {
    throw new SluiceError('SLU5107', { message: `${what} is not plain data`, at, cause })
  }
}

export function traceHeaders(trace: TraceContext): Headers {
  const headers: Record<string, string> = {}
  if (trace.traceparent !== undefined) headers['traceparent'] = trace.traceparent
  if (trace.tracestate !== undefined) headers['tracestate'] = trace.tracestate
  return headers
}
