// Where a recorder looks on in the runtime: at the messages of a source, and at the spans below which their effects leave.
import type { Lane } from '../core/contract.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { ProcessOperation, Span, TraceContext, Tracer } from '../core/telemetry.ts'
import type { Origin } from '../runtime/origin.ts'
import type { Settlement } from '../runtime/settlement.ts'
import type { Recorder, Story } from './recorder.ts'

/** Goes from the operation of a message to its span, which is begun with it. */
const STORY = Symbol('story')

type Told = Omit<ProcessOperation, 'pipeline' | 'destination'> & { readonly [STORY]?: Story }

export function recordedOrigin(origin: Origin, pipeline: string, recorder: Recorder): Origin {
  const { name, decode, operation, settlement } = origin
  return {
    ...origin,
    operation(lane, message): Told {
      const told = operation(lane, message)
      return { ...told, [STORY]: recorder.begun(pipeline, name, lane, message, told) }
    },
    decode(message: PlacedMessage, lane: Lane) {
      const event = decode(message, lane)
      if (event !== 'skip') recorder.decoded(lane, message, event)
      return event
    },
    settlement: (onConfirmed) => recordedSettlement(settlement(onConfirmed), recorder),
  }
}

const recordedSettlement = (inner: Settlement, recorder: Recorder): Settlement => ({
  get exposed() {
    return inner.exposed
  },
  add(state) {
    recorder.held(state.lane)
    inner.add(state)
  },
  remove(state) {
    inner.remove(state)
    recorder.left(state.lane)
  },
  finished(state, message, end) {
    // Without an end it was settled by an earlier tenure, which told of it.
    if (end !== undefined) recorder.settled(state.lane, message, end)
    inner.finished(state, message, end)
  },
  hurry: () => inner.hurry(),
  flush: (lanes, signal) => inner.flush(lanes, signal),
  stop: () => inner.stop(),
})

export const recordedTracer = (inner: Tracer, recorder: Recorder): Tracer => ({
  enabled: inner.enabled,
  process(operation, parent) {
    const span = inner.process(operation, parent)
    const story = (operation as Told)[STORY]
    return story === undefined ? span : ownSpan(span, story, recorder)
  },
  send(operation, parent) {
    recorder.sending(operation, parent)
    return inner.send(operation, parent)
  },
  cache: (operation, parent) => inner.cache(operation, parent),
  call: (operation, parent) => inner.call(operation, parent),
  room: () => inner.room(),
})

/** A context is told from others by the object that it is; one that is passed on may be that of several messages. */
function ownSpan(span: Span, story: Story, recorder: Recorder): Span {
  const context: TraceContext = { ...span.context }
  recorder.owns(context, story)
  return {
    context,
    traceId: span.traceId,
    spanId: span.spanId,
    event: (name, attributes) => span.event(name, attributes),
    link: (other) => span.link(other),
    set: (attributes) => span.set(attributes),
    fail: (error) => span.fail(error),
    end: () => span.end(),
  }
}
