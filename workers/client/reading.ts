// Reads a topic for other services, one event after another: an event counts as done when the next is asked for, never before.
import { topicAt } from '../core/address.ts'
import type { Intake, Lane, LaneGrant, LogSource } from '../core/contract.ts'
import { asError, SluiceError } from '../core/errors.ts'
import type { Envelope, PlacedMessage } from '../core/message.ts'
import type { TopicFromPlan, TopicPlan } from '../core/plan.ts'
import type { Span } from '../core/telemetry.ts'
import { backoffMs, OUTAGE_BACKOFF } from '../runtime/backoff.ts'
import { LaneBook } from '../runtime/lane-book.ts'
import { logOrigin } from '../runtime/log-origin.ts'
import type { Origin } from '../runtime/origin.ts'
import type { Settlement } from '../runtime/settlement.ts'
import type { LaneState } from '../runtime/task.ts'
import { traceOf } from '../runtime/trace-headers.ts'
import type { ClientConnections, ClientParts } from './parts.ts'
import type { ReadEvent, ReadTerms } from './shape.ts'

/** Messages of one lane that wait to be asked for. */
const AHEAD = 100
/** Events that make a commit due. */
const COMMIT_EVERY = 50
/** Larger messages are invalid, as in a pipeline that says nothing. */
const MAX_BYTES = 1024 * 1024

interface Taken {
  readonly state: LaneState
  readonly message: PlacedMessage
  readonly slot: number
}

/** One member of a group, as an iteration. */
export class TopicReader implements Intake {
  private readonly parts: ClientParts
  private readonly name: string
  private readonly terms: ReadTerms
  private readonly origin: Origin
  private readonly settlement: Settlement
  private readonly book: LaneBook
  private readonly waiting: Taken[] = []
  /** Handed out; its end is not known yet. */
  private current: Taken | undefined
  private span: Span | undefined
  private over = false
  /** Aborted when it is over. */
  private readonly ending = new AbortController()
  private awake: () => void = () => {}

  constructor(
    parts: ClientParts,
    connections: ClientConnections,
    topic: TopicPlan,
    terms: ReadTerms,
  ) {
    const { plan, prefix, world, log } = parts
    const { connection, name } = topic
    const { group, start = 'earliest' } = terms
    const driver = connections.of(connection).log(connection)
    const from: TopicFromPlan = { kind: 'topic', topic: name, group, start, maxBytes: MAX_BYTES }
    const source: LogSource = driver.source({
      topic: topicAt(prefix, topic),
      group: prefix + group,
      start,
    })
    const check = topic.schema === undefined ? () => undefined : parts.checkOf(topic.schema)
    this.parts = parts
    this.name = name
    this.terms = terms
    this.origin = logOrigin({
      fleet: plan.fleet,
      plan: topic,
      from,
      source,
      driver,
      check,
      format: connections.formats(name),
      commitEvery: COMMIT_EVERY,
      world,
      log,
    })
    this.settlement = this.origin.settlement(() => {})
    this.book = new LaneBook(this.settlement)
  }

  /** Until the iteration ends, `signal` aborts or the client is closed. */
  async *events(): AsyncGenerator<ReadEvent<unknown>, void, undefined> {
    const { signal } = this.terms
    const end = () => this.end()
    if (signal?.aborted === true) return
    signal?.addEventListener('abort', end, { once: true })
    try {
      await this.origin.source.start(this)
      for (let taken = await this.next(); taken !== undefined; taken = await this.next()) {
        if (!(await this.learnt(taken))) break
        const event = await this.read(taken)
        if (event !== undefined) yield event
        this.finish(taken)
      }
    } finally {
      signal?.removeEventListener('abort', end)
      // What is at hand is not done: who takes the lane over has it again.
      this.span?.end()
      this.current = undefined
      this.book.changed()
      await this.close()
    }
  }

  /** What is at hand is the last; resolves when it is done, or the drain deadline passed. */
  async close(): Promise<void> {
    this.end()
    await this.origin.source.stop()
    this.settlement.stop()
  }

  private end(): void {
    this.over = true
    this.ending.abort()
    this.awake()
  }

  granted(grants: readonly LaneGrant[]): void {
    for (const grant of grants) this.book.open(grant)
  }

  offer(lane: Lane, messages: readonly PlacedMessage[], from: number): number {
    const state = this.book.get(lane)
    if (state === undefined || state.closed) return 0
    let taken = 0
    for (; from + taken < messages.length && state.queued < AHEAD; taken++) {
      const message = messages[from + taken] as PlacedMessage
      const slot = state.tracker.take(message.offset)
      this.waiting.push({ state, message, slot })
      state.queued++
    }
    if (taken > 0) this.awake()
    return taken
  }

  async room(lane: Lane): Promise<void> {
    const state = this.book.get(lane)
    if (state !== undefined) await this.book.until(() => state.closed || state.queued < AHEAD)
  }

  async revoke(lanes: readonly Lane[]): Promise<void> {
    const states = this.letGo(lanes)
    const { clock } = this.parts.world
    const late = new AbortController()
    const timer = clock.after(this.parts.plan.drainWithinMs, () => {
      late.abort()
      this.book.changed()
    })
    await this.book.until(() => late.signal.aborted || !this.isAtHand(states))
    await this.settlement.flush(states, late.signal)
    timer.cancel()
    for (const state of states) this.book.forget(state)
  }

  lost(lanes: readonly Lane[]): void {
    for (const state of this.letGo(lanes)) this.book.forget(state)
  }

  /** What waits of them is given back. */
  private letGo(lanes: readonly Lane[]): LaneState[] {
    const states = this.book.of(lanes)
    for (const state of states) state.closed = true
    const kept = this.waiting.filter(({ state }) => !states.includes(state))
    this.waiting.splice(0, this.waiting.length, ...kept)
    this.book.changed()
    return states
  }

  private isAtHand(states: readonly LaneState[]): boolean {
    return this.current !== undefined && states.includes(this.current.state)
  }

  private async next(): Promise<Taken | undefined> {
    while (!this.over && this.waiting.length === 0)
      await new Promise<void>((resolve) => (this.awake = resolve))
    if (this.over) return undefined
    this.current = this.waiting.shift() as Taken
    this.current.state.queued--
    this.book.changed()
    return this.current
  }

  /** Undefined for what is passed over. */
  private async read({ state, message }: Taken): Promise<ReadEvent<unknown> | undefined> {
    let event: Envelope | 'skip'
    try {
      event = this.origin.decode(message, state.lane)
    } catch (thrown) {
      const error = asError(thrown)
      if (this.terms.onInvalid === undefined)
        throw new SluiceError('SLU1251', {
          message: `${this.name}/${state.lane.partition}/${message.offset} is no valid event: ${error.message}`,
          cause: error,
        })
      await this.terms.onInvalid(error)
      return undefined
    }
    if (event === 'skip') return undefined
    const { tracer } = this.parts
    await tracer.room()
    this.span = tracer.process(
      {
        pipeline: this.terms.group,
        destination: this.name,
        ...this.origin.operation(state.lane, message),
      },
      traceOf(message.headers),
    )
    // Spread would lose what an envelope works out when it is asked.
    return Object.assign(event, { trace: this.span.context })
  }

  /** Waits while nobody can be asked what the message means; false: the iteration ended meanwhile, and it comes again. */
  private async learnt({ message }: Taken): Promise<boolean> {
    const { meaning } = this.origin
    const { world, log } = this.parts
    for (let times = 1; ; times++) {
      try {
        await meaning?.learn(message)
        return true
      } catch (error) {
        if (!(error instanceof SluiceError) || !error.outage) throw error
        if (times === 1)
          log.warn({ code: error.code, err: error }, 'A dependency is away; the reader waits.')
        const { signal } = this.ending
        await world.clock.sleep(backoffMs(OUTAGE_BACKOFF, times, world.random), signal)
        if (this.over) return false
      }
    }
  }

  private finish({ state, message, slot }: Taken): void {
    this.span?.end()
    this.span = undefined
    this.current = undefined
    state.tracker.finish(slot)
    this.settlement.finished(state, message)
    this.book.changed()
  }
}
