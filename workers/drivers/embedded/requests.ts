// Questions and answers over embedded queues: the answers of one process come on a queue that is gone with it.
import type { DriverContext, OutMessage, Queue, ReplyTo, Requests } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { RawMessage } from '../../core/message.ts'
import { Questions } from '../../core/questions.ts'
import type { EmbeddedQueues } from './queues.ts'
import type { Reader } from './reach.ts'

const REPLIES = 'sluice.replies.'

export class EmbeddedRequests implements Requests, Reader {
  private readonly queues: EmbeddedQueues
  private readonly context: DriverContext
  private readonly present: () => void
  private readonly questions: Questions
  private mailbox: string | undefined

  /** `present` throws while the broker cannot be reached. */
  constructor(queues: EmbeddedQueues, context: DriverContext, present: () => void) {
    this.queues = queues
    this.context = context
    this.present = present
    this.questions = new Questions(context.world.clock)
  }

  get pending(): number {
    return this.questions.pending
  }

  // oxlint-disable-next-line require-await -- the port is asynchronous
  async ask(
    { name, address }: Queue,
    message: OutMessage,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<RawMessage> {
    this.present()
    const { clock, ids } = this.context.world
    const correlationId = ids.next()
    const expiresAt = clock.monotonic() + withinMs
    const asked = {
      ...message,
      replyTo: { queue: this.open(), correlationId },
      expired: () => clock.monotonic() >= expiresAt,
    }
    // oxlint-disable-next-line require-await -- the port is asynchronous
    return this.questions.ask(correlationId, `queue ${name}`, withinMs, signal, async () => {
      const sent = this.queues.push(address, asked)
      if (sent === 'taken') return
      throw sent === 'refused'
        ? new SluiceError('SLU5303', { message: `${address} refused message ${message.id}` })
        : new SluiceError('SLU5304', {
            message: `there is no queue ${address}: message ${message.id} was returned`,
          })
    })
  }

  // oxlint-disable-next-line require-await -- the port is asynchronous
  async answer({ queue, correlationId }: ReplyTo, message: OutMessage): Promise<boolean> {
    this.present()
    const answer = { ...message, ...(correlationId === undefined ? {} : { correlationId }) }
    return this.queues.push(queue, answer) === 'taken'
  }

  /** The connection is gone, and with it the queue that takes the answers. */
  cut(): void {
    if (this.mailbox !== undefined) this.queues.remove(this.mailbox)
    this.mailbox = undefined
    this.questions.fail(new SluiceError('SLU5301', { message: 'the embedded RabbitMQ was lost' }))
  }

  /** The next question opens another one. */
  healed(): void {}

  private open(): string {
    if (this.mailbox !== undefined) return this.mailbox
    const mailbox = REPLIES + this.context.world.ids.next()
    this.mailbox = mailbox
    this.queues.create(mailbox, 'classic')
    const subscription = this.queues.consume(mailbox, {
      prefetch: Infinity,
      deliver: (message, tag) => {
        subscription.ack(tag)
        this.questions.answer(message.correlationId, message)
      },
    })
    return mailbox
  }
}
