// A tracer and a meter that write down what became of each message; what is sent carries no trace of them.
import type { Clock } from '../core/clock.ts'
import type { Meter, Span, TraceContext, Tracer } from '../core/telemetry.ts'
import { newStory, tell, type Story, type StepStory } from './story.ts'

export interface RecordingTracer {
  readonly tracer: Tracer
  readonly meter: Meter
  /** By `partition/offset`, of a queue by message id; of a message that was delivered twice the last delivery. */
  readonly stories: ReadonlyMap<string, Story>
  /** The message whose processing began last. */
  readonly begun: () => Story | undefined
  /** Which message led to what is sent under this id, at the moment of sending. */
  causeOf(messageId: string): string | undefined
}

export function createRecordingTracer(clock: Clock): RecordingTracer {
  const stories = new Map<string, Story>()
  // A context is handed on as the object it is; being empty, it adds no header.
  const owners = new WeakMap<TraceContext, Story>()
  const causes = new Map<string, string>()
  let begun: Story | undefined
  let ended: Story | undefined

  const below = (
    parent: TraceContext,
    step: string | undefined,
    heard: Partial<Pick<Span, 'set'>> = {},
  ): Span => {
    const story = owners.get(parent)
    return spanOf(parent, {
      ...heard,
      fail: (error) => {
        if (story !== undefined) tell(story, error, step)
      },
    })
  }
  const tracer: Tracer = {
    enabled: true,
    process({ partition, offset, messageId }) {
      const place = messageId ?? `${partition}/${offset}`
      const before = stories.get(place)
      // What was parked goes on where it stood.
      const story = before?.settlement === 'parked' ? before : newStory(place, clock.monotonic())
      story.settlement = 'unsettled'
      const context: TraceContext = {}
      stories.set(story.place, story)
      begun = story
      owners.set(context, story)
      return spanOf(context, {
        event(name, attributes) {
          if (name === 'retry') story.attempts = Number(attributes?.['attempt'])
        },
        fail: (error) => tell(story, error, undefined),
        end() {
          ended = story
          story.tookMs = clock.monotonic() - story.startedAt
        },
      })
    },
    send({ messageId, step }, parent) {
      const story = owners.get(parent)
      if (story !== undefined) causes.set(messageId, story.place)
      return below(parent, step)
    },
    cache({ step }, parent) {
      const story = owners.get(parent)
      return below(parent, step, {
        set(attributes) {
          const told = story?.steps.findLast(({ plan }) => plan.id === step)
          if (told !== undefined)
            told.cache = attributes['cache.result'] as StepStory['cache'] & string
        },
      })
    },
    call: ({ step }, parent) => below(parent, step),
    room: () => undefined,
  }
  const meter: Meter = {
    // The runtime counts a message right after it has ended its span.
    processed(_pipeline, outcome) {
      if (ended !== undefined) ended.settlement = outcome
      ended = undefined
    },
  }
  return {
    tracer,
    meter,
    stories,
    begun: () => begun,
    causeOf: (messageId) => causes.get(messageId),
  }
}

const nothing = () => {}

const spanOf = (
  context: TraceContext,
  heard: Partial<Pick<Span, 'event' | 'set' | 'fail' | 'end'>>,
): Span => ({
  context,
  traceId: '',
  spanId: '',
  event: nothing,
  link: nothing,
  set: nothing,
  fail: nothing,
  end: nothing,
  ...heard,
})
