// One life of the queue that takes our answers: exclusive, so that the broker removes it with the connection, and gone with it.
import type { ChannelModel, ConsumeMessage } from 'amqplib'
import type { DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Link } from '../../core/supervisor.ts'
import { openConnection } from './connect.ts'
import { away, connectError, type Place } from './errors.ts'

const CLOSE_MS = 2_000

/** Queues of answers begin with it: nothing else may be answered to, beside RabbitMQ's own. */
export const REPLIES = 'sluice.replies.'

export interface ReplyParts {
  readonly place: Place
  readonly context: DriverContext
  readonly onReply: (message: ConsumeMessage) => void
  readonly lost: (error: SluiceError) => void
}

export const openReplies = (parts: ReplyParts, signal: AbortSignal): Promise<ReplyLife> =>
  openConnection(parts.place, parts.context, signal, async (model, cut) => {
    const life = new ReplyLife(parts, model, cut)
    await life.open()
    return life
  })

export class ReplyLife implements Link {
  readonly queue: string
  private readonly parts: ReplyParts
  private readonly model: ChannelModel
  private readonly cut: () => void
  private reason: Error | undefined
  private ended = false
  private closing: Promise<void> | undefined

  constructor(parts: ReplyParts, model: ChannelModel, cut: () => void) {
    this.parts = parts
    this.model = model
    this.cut = cut
    this.queue = REPLIES + parts.context.world.ids.next()
    model.on('error', (error) => (this.reason = error))
    model.on('close', (error?: Error) => this.end(this.reason ?? error))
  }

  async open(): Promise<void> {
    const channel = await this.model.createChannel()
    channel.on('error', (error) => (this.reason = error))
    channel.on('close', () => this.end(this.reason))
    channel.on('handler-error', (error) => this.end(error))
    await channel.assertQueue(this.queue, { exclusive: true, durable: false, autoDelete: true })
    const consumed = (message: ConsumeMessage | null) =>
      message === null
        ? this.end(new Error('the broker cancelled the consumer of the answers'))
        : this.parts.onReply(message)
    // An answer that was not taken is of no use to anybody else.
    await channel.consume(this.queue, consumed, { noAck: true, exclusive: true })
  }

  close(): Promise<void> {
    this.closing ??= this.hangUp()
    return this.closing
  }

  private async hangUp(): Promise<void> {
    this.end(new Error('it was closed by us'))
    const silence = Promise.withResolvers<void>()
    const { clock } = this.parts.context.world
    const timer = clock.after(CLOSE_MS, silence.resolve, { keepAlive: true })
    await Promise.race([this.model.close().catch(() => {}), silence.promise])
    timer.cancel()
    this.cut()
  }

  private end(cause: Error | undefined): void {
    if (this.ended) return
    this.ended = true
    const { place, lost } = this.parts
    lost(cause === undefined ? away(place, 'takes no more answers') : connectError(place, cause))
  }
}
