// One life of the connection that publishes: its confirm channel, its topology, its end; a broken part ends the whole.
import type { ChannelModel } from 'amqplib'
import type { DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Link } from '../../core/supervisor.ts'
import { onChannel, openConnection } from './connect.ts'
import { away, codeOf, connectError, nameOf, refused, type Place } from './errors.ts'
import { Publisher } from './publisher.ts'
import { readStream, type StreamReading, type StreamStart } from './stream-reading.ts'
import { ensureExchange, ensureQueue, type Topology } from './topology.ts'

const CLOSE_MS = 2_000
const ANSWER_MS = 5_000

export interface RabbitmqLink extends Link {
  readonly publisher: Publisher
  /** Addresses of what was created. */
  ensure(topology: Topology): Promise<string[]>
  read(address: string, start: StreamStart): Promise<StreamReading>
  ping(): Promise<void>
}

export interface LinkParts {
  readonly place: Place
  readonly context: DriverContext
  /** Asserted again before the link counts as open. */
  readonly topology: Topology
  readonly limit: { bytes: number }
  readonly lost: (error: SluiceError) => void
}

export async function openLink(parts: LinkParts, signal: AbortSignal): Promise<RabbitmqLink> {
  const { place, context, topology } = parts
  const life = await openConnection(place, context, signal, async (model, cut) => {
    const opened = new Life(parts, model, cut)
    await opened.openPublisher()
    return opened
  })
  const giveUp = () => void life.close()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await life.ensure(topology)
    return life
  } catch (error) {
    await life.close()
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

class Life implements RabbitmqLink {
  private opened: Publisher | undefined
  private readonly parts: LinkParts
  private readonly model: ChannelModel
  private readonly cut: () => void
  private reason: Error | undefined
  private ended = false
  /** Why the broker reads nothing from us at the moment. */
  private blocked: string | undefined
  private closing: Promise<void> | undefined
  private probing: Promise<void> | undefined

  constructor(parts: LinkParts, model: ChannelModel, cut: () => void) {
    this.parts = parts
    this.model = model
    this.cut = cut
    // `error` says why and `close` that it is over; some ends have no `error`.
    model.on('error', (error) => (this.reason = error))
    model.on('close', (error?: Error) => this.end(this.reason ?? error))
    model.on('blocked', (reason) => this.onBlocked(reason))
    model.on('unblocked', () => this.onUnblocked())
  }

  async openPublisher(): Promise<void> {
    const { context, limit } = this.parts
    const channel = await this.model.createConfirmChannel()
    channel.on('error', (error) => (this.reason = error))
    channel.on('close', () => this.end(this.reason))
    // One of our own listeners threw: what it should have noted is lost, so the channel is.
    channel.on('handler-error', (error) => this.end(error))
    this.opened = new Publisher({
      channel,
      world: context.world,
      limit,
      onLate: () => this.probe(),
      onStuck: (why) => this.end(new Error(why)),
    })
  }

  /** The link is not handed out before its publisher is there. */
  get publisher(): Publisher {
    return this.opened as Publisher
  }

  async ensure({ exchanges, queues }: Topology): Promise<string[]> {
    const { log } = this.parts.context
    const created: string[] = []
    for (const exchange of exchanges)
      if (await this.ask(() => ensureExchange(this.model, exchange, log)))
        created.push(exchange.address)
    for (const queue of queues)
      if (await this.ask(() => ensureQueue(this.model, queue, log))) created.push(queue.address)
    return created
  }

  async read(address: string, start: StreamStart): Promise<StreamReading> {
    const { clock } = this.parts.context.world
    const reading = await this.ask(() => readStream(this.model, address, start, clock))
    return { next: () => this.ask(reading.next), close: reading.close }
  }

  /** A question to the broker, bounded. A refusal leaves the link as it is; silence ends it, unless the broker said why it is silent. */
  private async ask<T>(question: () => Promise<T>): Promise<T> {
    const { place, context } = this.parts
    const late = Promise.withResolvers<never>()
    const timer = context.world.clock.after(ANSWER_MS, () => {
      const why = this.blocked === undefined ? '' : ` (it holds publishers back: ${this.blocked})`
      late.reject(away(place, `did not answer within ${ANSWER_MS / 1_000} s${why}`))
      if (this.blocked === undefined) this.end(new Error(`no answer within ${ANSWER_MS / 1_000} s`))
    })
    try {
      return await Promise.race([question(), late.promise])
    } catch (thrown) {
      throw thrown instanceof SluiceError ? thrown : connectError(place, thrown)
    } finally {
      timer.cancel()
    }
  }

  /** Opening and closing a channel is a round trip that asks for no permission. */
  ping(): Promise<void> {
    return this.ask(() => onChannel(this.model, () => Promise.resolve()))
  }

  /** Says goodbye if the broker listens, else hangs up. */
  close(): Promise<void> {
    this.closing ??= this.hangUp()
    return this.closing
  }

  /** amqplib's own promise is only kept when the broker answers the goodbye. */
  private async hangUp(): Promise<void> {
    const { place, context } = this.parts
    this.end(new Error('it was closed by us'))
    const silence = Promise.withResolvers<void>()
    const timer = context.world.clock.after(CLOSE_MS, silence.resolve, { keepAlive: true })
    const over = new Promise<void>((resolve) => this.model.once('close', () => resolve()))
    const goodbye = this.model.close().catch((error: unknown) => {
      context.log.debug({ err: error }, `${nameOf(place)} was not told goodbye.`)
    })
    await Promise.race([goodbye, over, silence.promise])
    timer.cancel()
    this.cut()
  }

  private end(cause: Error | undefined): void {
    if (this.ended) return
    this.ended = true
    const { place, lost, limit } = this.parts
    limit.bytes = Math.min(limit.bytes, statedLimit(cause))
    const error = endOf(place, cause)
    this.opened?.fail((published) =>
      published
        ? away(place, `was lost before it confirmed: unknown outcome: ${error.message}`, error)
        : error,
    )
    lost(error)
  }

  /** Tells a queue that is stuck from a connection that is: the latter ends, long before its heartbeat does. */
  private probe(): void {
    this.probing ??= this.ping()
      .catch((error: unknown) => this.parts.context.log.debug({ err: error }, 'The probe failed.'))
      .finally(() => (this.probing = undefined))
  }

  private onBlocked(reason: string): void {
    const { place, context } = this.parts
    context.log.warn({ reason }, `${nameOf(place)} holds publishers back; sends wait.`)
    this.blocked = reason
    this.opened?.block(reason)
  }

  private onUnblocked(): void {
    const { place, context } = this.parts
    context.log.info({}, `${nameOf(place)} takes messages again.`)
    this.blocked = undefined
    this.opened?.unblock()
  }
}

/** A permission that we lack does not come back with the next connection: that is no outage like others. */
function endOf(place: Place, cause: Error | undefined): SluiceError {
  if (cause !== undefined && codeOf(cause) === '403') return refused(place, cause)
  return away(place, `was lost: ${cause?.message ?? 'the connection was closed'}`, cause)
}

/** RabbitMQ closes the channel over a body that is too large, and says how large one may be. */
function statedLimit(cause: Error | undefined): number {
  const said = /larger than configured max size (\d+)/.exec(cause?.message ?? '')?.[1]
  return said === undefined ? Infinity : Number(said)
}
