// One life of a consumer: its connection, its channel and its lane begin and end together; nothing of one life is settled in another.
import type { Channel, ChannelModel, Message } from 'amqplib'
import type { DriverContext, Intake, Lane, Queue, QueueSourceOptions } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { HandOver } from '../../core/hand-over.ts'
import type { LaneLife } from '../../core/lived-source.ts'
import { FENCE_MS, onHeard, openConnection } from './connect.ts'
import { away, connectError, type Place } from './errors.ts'
import { queueMessage } from './inbound.ts'

/** RabbitMQ shows nowhere what it moves from one queue to another: for so long after it was seen it may be on its way. */
const ON_ITS_WAY_MS = 1_000
const CLOSE_MS = 2_000
const ANSWER_MS = 2_000

export interface ConsumerParts {
  readonly place: Place
  readonly context: DriverContext
  readonly options: QueueSourceOptions
  readonly intake: Intake
  readonly lost: (error: SluiceError) => void
}

export const openConsumer = (parts: ConsumerParts, signal: AbortSignal): Promise<ConsumerLife> =>
  openConnection(parts.place, parts.context, signal, async (model, cut) => {
    const life = new ConsumerLife(parts, model, cut)
    await life.open()
    return life
  })

export class ConsumerLife implements LaneLife {
  readonly lane: Lane
  movedAt: number
  private readonly parts: ConsumerParts
  private readonly model: ChannelModel
  private readonly cut: () => void
  private readonly handOver: HandOver
  private channel: Channel | undefined
  private consumerTag: string | undefined
  private heardAt: number
  private granted = false
  private ended = false
  private reason: Error | undefined
  private closing: Promise<void> | undefined
  /** Delivered and not acknowledged. */
  private unsettled = 0
  /** When something stood in a queue whose messages come to this one; by the monotonic clock. */
  private waitedAt = Number.NEGATIVE_INFINITY

  constructor(parts: ConsumerParts, model: ChannelModel, cut: () => void) {
    this.parts = parts
    this.model = model
    this.cut = cut
    this.heardAt = this.now()
    this.movedAt = this.heardAt
    this.lane = {
      id: parts.options.queue.name,
      partition: 0,
      live: () => !this.ended && this.now() - this.heardAt < FENCE_MS,
    }
    const { intake } = parts
    this.handOver = new HandOver({ intake, lane: this.lane, onFault: (error) => this.end(error) })
    onHeard(model, () => this.heard())
    model.on('error', (error) => (this.reason = error))
    model.on('close', (error?: Error) => this.end(this.reason ?? error))
  }

  async open(): Promise<void> {
    const { options, intake } = this.parts
    const channel = await this.model.createChannel()
    this.channel = channel
    channel.on('error', (error) => (this.reason = error))
    channel.on('close', () => this.end(this.reason))
    channel.on('handler-error', (error) => this.end(error))
    await channel.prefetch(options.prefetch)
    // A queue that is not there gives no lane.
    await channel.checkQueue(options.queue.address)
    if (this.ended) throw this.failure()
    this.granted = true
    intake.granted([{ lane: this.lane, committed: null, note: '' }])
    const { consumerTag } = await channel.consume(options.queue.address, (message) =>
      message === null
        ? this.end(new Error('the broker cancelled the consumer: the queue is gone'))
        : this.deliver(message),
    )
    this.consumerTag = consumerTag
  }

  /** Everything the broker has for us was handed over. */
  get caughtUp(): boolean {
    return this.handOver.waiting === 0 && this.unsettled < this.parts.options.prefetch
  }

  /** Messages that wait on the queue, on one that leads to it, or here. */
  async backlog(): Promise<number> {
    const { queue, feeders = [] } = this.parts.options
    const waiting = await this.countOf(feeders)
    if (waiting > 0) this.waitedAt = this.now()
    const moving = this.now() - this.waitedAt < ON_ITS_WAY_MS ? 1 : 0
    return Math.max(waiting, moving) + (await this.countOf([queue])) + this.handOver.waiting
  }

  ack(tag: number): void {
    if (this.ended) return
    this.unsettled--
    this.movedAt = this.now()
    // amqplib reads nothing but the tag.
    this.channel?.ack({ fields: { deliveryTag: tag } } as Message)
  }

  /** No more deliveries; what was handed over is settled as far as the drain lets it. What was not comes again. */
  async drain(): Promise<void> {
    if (this.ended) return
    this.handOver.end()
    const { consumerTag } = this
    if (consumerTag !== undefined)
      // Who does not answer, or is lost meanwhile, hands over nothing more that is taken.
      await this.answer((channel) => channel.cancel(consumerTag)).catch(() => {})
    await this.parts.intake.revoke([this.lane])
    this.granted = false
  }

  close(): Promise<void> {
    this.closing ??= this.hangUp()
    return this.closing
  }

  private async hangUp(): Promise<void> {
    const { context } = this.parts
    const silence = Promise.withResolvers<void>()
    const timer = context.world.clock.after(CLOSE_MS, silence.resolve, { keepAlive: true })
    const goodbye = this.sayGoodbye().catch(() => {})
    await Promise.race([goodbye, silence.promise])
    timer.cancel()
    this.end(new Error('it was closed by us'))
    this.cut()
  }

  /** A channel answers its close after it has read every ack; only then the connection may go. */
  private async sayGoodbye(): Promise<void> {
    if (!this.ended) await this.channel?.close()
    await this.model.close()
  }

  /** Bounded: rejects as an outage when the broker keeps silent. */
  private async answer<T>(ask: (channel: Channel) => Promise<T>): Promise<T> {
    const { place, context } = this.parts
    const late = Promise.withResolvers<never>()
    const timer = context.world.clock.after(ANSWER_MS, () =>
      late.reject(away(place, `did not answer within ${ANSWER_MS / 1_000} s`)),
    )
    try {
      return await Promise.race([ask(this.channel as Channel), late.promise])
    } finally {
      timer.cancel()
    }
  }

  private async countOf(queues: readonly Queue[]): Promise<number> {
    const answers = queues.map(({ address }) =>
      this.answer((channel) => channel.checkQueue(address)),
    )
    return (await Promise.all(answers)).reduce((sum, { messageCount }) => sum + messageCount, 0)
  }

  private deliver(message: Parameters<typeof queueMessage>[0]): void {
    this.unsettled++
    this.movedAt = this.now()
    this.handOver.push(queueMessage(message, this.parts.context.world.clock.now()))
  }

  /** A process that stood still has read nothing for as long: the broker has given its messages to others. */
  private heard(): void {
    const now = this.now()
    if (now - this.heardAt >= FENCE_MS) this.end(new Error(`nothing was heard for ${FENCE_MS} ms`))
    else this.heardAt = now
  }

  private end(cause: Error | undefined): void {
    if (this.ended) return
    this.ended = true
    this.reason ??= cause
    this.handOver.end()
    const { intake, lost } = this.parts
    if (this.granted) intake.lost([this.lane])
    lost(this.failure())
  }

  private failure(): SluiceError {
    const { place } = this.parts
    const { reason } = this
    return reason === undefined ? away(place, 'ended the consumer') : connectError(place, reason)
  }

  private now(): number {
    return this.parts.context.world.clock.monotonic()
  }
}
