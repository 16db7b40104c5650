// One life of the connection that sends and asks; when Kafka does not answer on it, it ends and another is opened.
import type { DriverContext, OutMessage, Topic } from '../../core/contract.ts'
import type { LogRange } from '../../core/log-view.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Link } from '../../core/supervisor.ts'
import { bounded } from './bounded.ts'
import type { KafkaClient, Page, Wire } from './client.ts'
import { away, isUnanswered, kafkaError, typeOf, type Place } from './errors.ts'
import { Limit } from './limit.ts'
import { Publisher } from './publisher.ts'
import { pageOf, rangesOf } from './view.ts'

const OPEN_MS = 5_000
const ANSWER_MS = 5_000
/** Replicas and leaders take part. */
const CREATE_MS = 30_000
/** How often an idle connection is looked at. */
const WATCH_MS = 5_000
const CLOSE_MS = 1_000

export interface LinkParts {
  readonly place: Place
  readonly context: DriverContext
  readonly client: KafkaClient
  readonly lost: (error: SluiceError) => void
}

export interface KafkaLink extends Link {
  send(topic: Topic, message: OutMessage): Promise<void>
  ensure(topics: readonly Topic[]): Promise<string[]>
  ends(address: string): Promise<Map<number, number>>
  ranges(address: string): Promise<LogRange[]>
  page(address: string, partition: number, from: number): Promise<Page>
  ping(): Promise<void>
  /** Nothing is under way when it resolves, or `ms` passed. */
  drained(ms: number): Promise<void>
}

export async function openLink(parts: LinkParts, signal: AbortSignal): Promise<KafkaLink> {
  const life = new Life(parts)
  const giveUp = () => life.abandon('is not wanted any more')
  const timer = parts.context.world.clock.after(OPEN_MS, () =>
    life.abandon(`did not answer within ${OPEN_MS / 1_000} s`),
  )
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    if (signal.aborted) giveUp()
    await life.open()
    return life
  } catch (error) {
    await life.close()
    throw error
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', giveUp)
  }
}

class Life implements KafkaLink {
  private readonly parts: LinkParts
  private readonly wire: Wire
  private readonly publisher: Publisher
  private readonly answers: Limit
  private readonly creations: Limit
  private readonly over = new AbortController()
  /** Topics that were there on this link. */
  private readonly seen = new Set<string>()
  private closing: Promise<void> | undefined

  constructor(parts: LinkParts) {
    const { place, context } = parts
    const { clock } = context.world
    this.parts = parts
    this.wire = parts.client.wire({ place, context })
    const onLate = (error: SluiceError) => this.end(away(place, 'was lost: no answer', error))
    this.answers = new Limit({ clock, ms: ANSWER_MS, code: 'SLU5201', onLate })
    this.creations = new Limit({ clock, ms: CREATE_MS, code: 'SLU5202', onLate })
    this.publisher = new Publisher({
      wire: this.wire,
      clock,
      delivered: (address) => this.seen.add(address),
      failed: (error, address) => this.judge(error, this.seen.has(address)),
      late: onLate,
    })
  }

  async open(): Promise<void> {
    const { place } = this.parts
    const { signal } = this.over
    const work = async () => {
      if ((await this.wire.connect()) === 0) throw away(place, 'has no brokers yet')
    }
    const given = new Promise<never>((_, reject) => {
      const give = () => reject(signal.reason as SluiceError)
      if (signal.aborted) give()
      signal.addEventListener('abort', give, { once: true })
    })
    try {
      await Promise.race([work(), given])
    } catch (thrown) {
      if (thrown instanceof SluiceError) throw thrown
      throw away(place, `is away: ${kafkaError(thrown, 'connecting').message}`, thrown)
    }
    void this.watch()
  }

  send(topic: Topic, message: OutMessage): Promise<void> {
    return this.publisher.send(topic, message)
  }

  ensure(topics: readonly Topic[]): Promise<string[]> {
    return this.ask('creating topics', this.creations, this.seen.size > 0, () =>
      this.wire.ensureTopics(topics),
    )
  }

  async ends(address: string): Promise<Map<number, number>> {
    const doing = `reading the ends of ${address}`
    const ends = await this.ask(doing, this.answers, this.seen.has(address), () =>
      this.wire.ends(address),
    )
    this.seen.add(address)
    return ends
  }

  ranges(address: string): Promise<LogRange[]> {
    return this.look(address, () => rangesOf(this.wire.reading, address))
  }

  page(address: string, partition: number, from: number): Promise<Page> {
    return this.look(address, () => pageOf(this.wire.reading, address, partition, from))
  }

  async ping(): Promise<void> {
    const [known] = this.seen
    try {
      await this.ask('asking Kafka', this.answers, true, () => this.wire.ask(known))
    } catch (error) {
      // Whatever Kafka answers about a topic: it answers.
      if (typeOf(error) === undefined) throw error
    }
  }

  drained(ms: number): Promise<void> {
    return this.publisher.drained(ms)
  }

  abandon(why: string): void {
    this.over.abort(away(this.parts.place, why))
  }

  close(): Promise<void> {
    this.closing ??= this.hangUp()
    return this.closing
  }

  // ---------------------------------------------------------------- inside

  private async look<T>(address: string, question: () => Promise<T>): Promise<T> {
    const seen = this.seen.has(address)
    const answer = await this.ask(`looking at ${address}`, this.answers, seen, question)
    this.seen.add(address)
    return answer
  }

  /** A question, bounded. A refusal leaves the link as it is; silence ends it. */
  private async ask<T>(
    doing: string,
    limit: Limit,
    seen: boolean,
    question: () => Promise<T>,
  ): Promise<T> {
    const { signal } = this.over
    if (signal.aborted) throw signal.reason as SluiceError
    try {
      return await limit.within(question)
    } catch (thrown) {
      const error = kafkaError(thrown, doing)
      this.judge(error, seen)
      throw error
    }
  }

  /** `seen`: what was asked for had been there. */
  private judge(error: SluiceError, seen: boolean): void {
    const { place } = this.parts
    if (isUnanswered(error)) this.end(away(place, `was lost: ${error.message}`, error))
    else if (error.code === 'SLU5205' && seen && this.wire.remembers)
      this.end(away(place, `must be connected anew: a topic was deleted: ${error.message}`, error))
  }

  private end(error: SluiceError): void {
    if (this.over.signal.aborted) return
    this.over.abort(error)
    this.publisher.fail(error)
    this.parts.lost(error)
  }

  /** Kafka has no heartbeat outside of groups: an idle connection is asked now and then. Never rejects. */
  private async watch(): Promise<void> {
    const { clock } = this.parts.context.world
    const { signal } = this.over
    for (;;) {
      await clock.sleep(WATCH_MS, signal)
      if (signal.aborted) return
      // A loss ends the link by itself.
      await this.ping().catch(() => {})
    }
  }

  private async hangUp(): Promise<void> {
    const { place, context } = this.parts
    const error = away(place, 'was disconnected by us')
    this.over.abort(error)
    this.publisher.fail(error)
    await this.publisher.drained(CLOSE_MS)
    await bounded(this.wire.disconnect(), CLOSE_MS, context.world.clock)
    this.wire.destroy()
  }
}
