// Asks over queues and answers: questions go out on the connection that publishes, answers come in on one of their own.
import type { DriverContext, OutMessage, Queue, ReplyTo, Requests } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { RawMessage } from '../../core/message.ts'
import { Questions } from '../../core/questions.ts'
import { Supervisor } from '../../core/supervisor.ts'
import { away, nameOf, type Place } from './errors.ts'
import { fromAmqp } from './inbound.ts'
import type { Address } from './publisher.ts'
import { openReplies, type ReplyLife } from './reply-life.ts'

/** A broker returns what is mandatory and goes there, although it arrives. https://www.rabbitmq.com/docs/direct-reply-to */
const DIRECT = 'amq.rabbitmq.reply-to'

export class RabbitmqRequests implements Requests {
  private readonly place: Place
  private readonly context: DriverContext
  private readonly send: (to: Address, message: OutMessage) => Promise<void>
  private readonly questions: Questions
  private supervisor: Supervisor<ReplyLife> | undefined

  constructor(
    place: Place,
    context: DriverContext,
    send: (to: Address, message: OutMessage) => Promise<void>,
  ) {
    this.place = place
    this.context = context
    this.send = send
    this.questions = new Questions(context.world.clock)
  }

  get pending(): number {
    return this.questions.pending
  }

  async ask(
    { name, address }: Queue,
    message: OutMessage,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<RawMessage> {
    const { queue: replies } = await this.answers()
    const correlationId = this.context.world.ids.next()
    const asked = { ...message, replyTo: { queue: replies, correlationId } }
    const properties = { expiration: Math.ceil(withinMs) }
    return this.questions.ask(correlationId, `queue ${name}`, withinMs, signal, () =>
      this.send({ exchange: '', key: address, properties }, asked),
    )
  }

  async answer({ queue, correlationId }: ReplyTo, message: OutMessage): Promise<boolean> {
    const properties = {
      mandatory: !queue.startsWith(DIRECT),
      persistent: false,
      ...(correlationId === undefined ? {} : { correlationId }),
    }
    try {
      await this.send({ exchange: '', key: queue, properties }, message)
      return true
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'SLU5304') return false
      throw error
    }
  }

  async close(): Promise<void> {
    this.questions.fail(away(this.place, 'was closed'))
    await this.supervisor?.close()
  }

  /** Opened when the first question is asked; from then on it comes back by itself. */
  private async answers(): Promise<ReplyLife> {
    const { place, context } = this
    this.supervisor ??= new Supervisor<ReplyLife>({
      world: context.world,
      log: context.log,
      name: `${nameOf(place)}, answers,`,
      absent: () => away(place, 'takes no answers'),
      open: (lost, signal) =>
        openReplies(
          {
            place,
            context,
            onReply: (message) => {
              const id: unknown = message.properties.correlationId
              if (
                !this.questions.answer(typeof id === 'string' ? id : undefined, fromAmqp(message))
              )
                context.log.debug({}, 'An answer came that nobody waits for any more.')
            },
            lost: (error) => {
              this.questions.fail(error)
              lost(error)
            },
          },
          signal,
        ),
    })
    if (this.supervisor.link === undefined) await this.supervisor.connect()
    const { link } = this.supervisor
    if (link === undefined) throw this.supervisor.failure
    return link
  }
}
