// The span of a trace that is not recorded: it hands its context on and costs next to nothing.
import type { Span, TraceContext } from '../core/telemetry.ts'

export class PassingSpan implements Span {
  readonly context: TraceContext
  readonly traceId = ''
  readonly spanId = ''

  constructor(context: TraceContext) {
    this.context = context
  }

  event(): void {}
  link(): void {}
  set(): void {}
  fail(): void {}
  end(): void {}
}
