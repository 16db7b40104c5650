// A sink whose messages start traces: each gets a `send` span, unless it brings a trace of its own.
import type { Sink } from '../core/contract.ts'
import type { Tracer } from '../core/telemetry.ts'

export function traced(sink: Sink, destination: string, tracer: Tracer): Sink {
  if (!tracer.enabled) return sink
  return {
    async send(message) {
      if (message.headers['traceparent'] !== undefined) return sink.send(message)
      await tracer.room()
      const span = tracer.send(
        { destination, system: 'kafka', messageId: message.id, bytes: message.value?.length ?? 0 },
        {},
      )
      try {
        await sink.send({ ...message, headers: { ...message.headers, ...span.context } })
      } finally {
        span.end()
      }
    },
  }
}
