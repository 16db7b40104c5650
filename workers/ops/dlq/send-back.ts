// Sends a message back to where it came from, within a span that goes on from its letter; resolves once the origin has confirmed it.
import { asError, SluiceError } from '../../core/errors.ts'
import type { Tracer } from '../../core/telemetry.ts'
import { traceOf } from '../../runtime/trace-headers.ts'
import { messageBack, replayId, type Back } from './back.ts'
import type { Target } from './origin.ts'

const SYSTEM = { topic: 'kafka', queue: 'rabbitmq', jobs: 'bullmq', schedule: 'bullmq' } as const

export async function sendBack(
  back: Omit<Back, 'trace'>,
  { kind, name, sink }: Target,
  tracer: Tracer,
): Promise<void> {
  const span = tracer.send(
    {
      destination: name,
      system: SYSTEM[kind],
      messageId: replayId(back),
      bytes: back.original.value?.length ?? 0,
    },
    traceOf(back.letter.message.headers),
  )
  try {
    const trace = Object.fromEntries(Object.entries(span.context)) as Record<string, string>
    await sink.send(messageBack({ ...back, trace }))
  } catch (thrown) {
    if (thrown instanceof SluiceError) span.fail(thrown)
    throw asError(thrown)
  } finally {
    span.end()
  }
}
