// One span as one object: what the runtime writes to is what the exporter reads, so that a span costs about half a microsecond to make.
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'
import type { SluiceError } from '../core/errors.ts'
import type { Span, TraceContext } from '../core/telemetry.ts'
import { ERROR_TYPE, KIND, ownName, STATUS, type Attributes, type Start } from './semconv.ts'
import { formatContext, parseContext, type ParsedContext } from './trace-context.ts'
import type { SpanLimits } from './trace-settings.ts'

export type Resource = ReadableSpan['resource']
type Scope = ReadableSpan['instrumentationScope']
type SpanContext = ReturnType<ReadableSpan['spanContext']>
type TraceState = NonNullable<SpanContext['traceState']>
type HrTime = ReadableSpan['startTime']
type Link = ReadableSpan['links'][number]
type SpanStatus = ReadableSpan['status']

/** What all spans of a tracer share. */
export interface SpanHome {
  readonly resource: Resource
  readonly scope: Scope
  readonly limits: SpanLimits
  /** Milliseconds since the epoch with fractions; never runs backwards within a span. */
  now(): number
  ended(span: ReadableSpan): void
}

const UNSET: SpanStatus = Object.freeze({ code: STATUS.unset })
const NO_EVENTS: TimedEvent[] = []
const NO_LINKS: Link[] = []

export class RecordedSpan implements Span, ReadableSpan {
  readonly name: string
  readonly kind: Start['kind']
  readonly attributes: Attributes
  status: SpanStatus = UNSET
  events = NO_EVENTS
  links = NO_LINKS
  droppedEventsCount = 0
  droppedLinksCount = 0
  readonly droppedAttributesCount = 0
  private readonly home: SpanHome
  private readonly own: ParsedContext
  readonly parentSpanContext?: SpanContext
  private readonly from: number
  private to = -1
  private text: TraceContext | undefined

  constructor(home: SpanHome, start: Start, own: ParsedContext, parent: ParsedContext | undefined) {
    this.home = home
    this.name = start.name
    this.kind = start.kind
    this.attributes = start.attributes
    this.own = own
    // Only what is processed came from elsewhere.
    if (parent) this.parentSpanContext = spanContext(parent, this.kind === KIND.consumer)
    this.from = home.now()
  }

  get context(): TraceContext {
    this.text ??= formatContext(this.own)
    return this.text
  }
  get traceId(): string {
    return this.own.traceId
  }
  get spanId(): string {
    return this.own.spanId
  }

  event(name: string, attributes?: Attributes): void {
    if (this.ended) return
    if (this.events.length >= this.home.limits.events) {
      this.droppedEventsCount++
      return
    }
    if (this.events === NO_EVENTS) this.events = []
    const event: TimedEvent = { name, time: hrTime(this.home.now()) }
    if (attributes !== undefined) {
      event.attributes = {}
      this.assign(event.attributes as Attributes, attributes)
    }
    this.events.push(event)
  }

  link(context: TraceContext): void {
    if (this.ended) return
    const parsed = parseContext(context)
    if (parsed === undefined) return
    if (this.links.length >= this.home.limits.links) {
      this.droppedLinksCount++
      return
    }
    if (this.links === NO_LINKS) this.links = []
    this.links.push({ context: spanContext(parsed, true) })
  }

  set(attributes: Attributes): void {
    if (!this.ended) this.assign(this.attributes, attributes)
  }

  fail(error: SluiceError): void {
    if (this.ended) return
    this.attributes[ERROR_TYPE] = error.code
    this.status = { code: STATUS.error, message: this.clip(error.message) }
  }

  end(): void {
    if (this.ended) return
    this.to = Math.max(this.from, this.home.now())
    this.home.ended(this)
  }

  private assign(target: Attributes, attributes: Attributes): void {
    for (const [word, value] of Object.entries(attributes))
      target[ownName(word)] = typeof value === 'string' ? this.clip(value) : value
  }

  private clip(text: string): string {
    const { text: longest } = this.home.limits
    return text.length <= longest ? text : text.slice(0, longest)
  }

  // ---- the exporter's view

  spanContext(): SpanContext {
    return spanContext(this.own, false)
  }
  get startTime(): HrTime {
    return hrTime(this.from)
  }
  get endTime(): HrTime {
    return hrTime(this.to)
  }
  get duration(): HrTime {
    return hrTime(this.to - this.from)
  }
  get ended(): boolean {
    return this.to >= 0
  }
  get resource(): Resource {
    return this.home.resource
  }
  get instrumentationScope(): Scope {
    return this.home.scope
  }
}

function spanContext(parsed: ParsedContext, isRemote: boolean): SpanContext {
  const { traceId, spanId, flags, tracestate } = parsed
  const context: SpanContext = { traceId, spanId, traceFlags: flags, isRemote }
  if (tracestate !== undefined) context.traceState = new PassedState(tracestate)
  return context
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000)
  return [seconds, Math.floor((ms - seconds * 1_000) * 1e6)]
}

/** Another vendor's state, exported as it came. */
class PassedState implements TraceState {
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }
  serialize(): string {
    return this.text
  }
  get(): undefined {
    return undefined
  }
  set(): TraceState {
    return this
  }
  unset(): TraceState {
    return this
  }
}
