// Delivers batches of spans to an OTLP endpoint: encodes once, tries again with backoff, gives up in time. Never rejects.
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { World } from '../core/clock.ts'
import { asError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { OtlpHttp, Outcome } from './otlp-http.ts'
import type { Deliver, Delivery } from './span-queue.ts'

export interface SpanExportParts {
  readonly http: OtlpHttp
  readonly json: boolean
  readonly giveUpMs: number
  readonly world: World
  readonly log: Logger
}

const FIRST_MS = 100
const LONGEST_MS = 2_000

const TAKEN: Delivery = { lost: 0, why: '', dead: false }

export function createSpanExport(parts: SpanExportParts): Deliver {
  const serializer = parts.json ? JsonTraceSerializer : ProtobufTraceSerializer
  return async (spans, signal) => {
    const lostBy = (why: string, dead: boolean): Delivery => ({ lost: spans.length, why, dead })
    try {
      const payload = serializer.serializeRequest(spans)
      if (payload === undefined) return lostBy('the spans could not be encoded', false)
      const outcome = await persist(parts, payload, signal)
      if (outcome.is === 'taken') return accepted(serializer.deserializeResponse(outcome.answer))
      return lostBy(outcome.why, outcome.is === 'busy' && !signal.aborted)
    } catch (error) {
      return lostBy(asError(error).message, false)
    }
  }
}

/** An endpoint may take a batch in part; the rest must not be sent again. */
function accepted({ partialSuccess }: ReturnType<Serializer['deserializeResponse']>): Delivery {
  const lost = Number(partialSuccess?.rejectedSpans ?? 0)
  if (!(lost > 0)) return TAKEN
  const why = partialSuccess?.errorMessage ?? 'no reason given'
  return { lost, why: `the endpoint rejected them: ${why}`, dead: false }
}

type Serializer = typeof JsonTraceSerializer

async function persist(
  parts: SpanExportParts,
  payload: Uint8Array,
  signal: AbortSignal,
): Promise<Outcome> {
  const { http, giveUpMs, world, log } = parts
  const deadline = world.clock.monotonic() + giveUpMs
  for (let ceiling = FIRST_MS; ; ceiling = Math.min(ceiling * 2, LONGEST_MS)) {
    const outcome = await http.post(payload, deadline - world.clock.monotonic(), signal)
    if (outcome.is !== 'busy' || signal.aborted) return outcome
    const wait = Math.max(outcome.afterMs ?? 0, ceiling * (0.5 + world.random.next() / 2))
    if (world.clock.monotonic() + wait >= deadline) return outcome
    log.debug({ reason: outcome.why, waitMs: Math.round(wait) }, 'A batch of spans waits.')
    await world.clock.sleep(wait, signal)
  }
}
