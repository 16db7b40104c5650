// Publishes on one confirm channel and knows what became of each message; when the channel dies, everything unconfirmed is unknown.
import { IllegalOperationError, type ConfirmChannel, type Message, type Options } from 'amqplib'
import type { World } from '../../core/clock.ts'
import type { OutMessage } from '../../core/contract.ts'
import { Deadlines, type Waiting } from '../../core/deadlines.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import { Gate } from '../../core/gate.ts'
import { bodyOf, propertiesOf } from './outbound.ts'

/** From `send` to the confirm, waiting for room included. */
const CONFIRM_MS = 10_000
const TICK_MS = 250
/** Published and unconfirmed at most: beyond it sends wait, because amqplib would buffer without limit. */
const MAX_UNCONFIRMED = 1_000

/** The default exchange, whose name is empty, sends to the queue of the key's name. */
export interface Address {
  readonly exchange: string
  readonly key: string
  /** Beside those of the message. */
  readonly properties?: Options.Publish
}

interface Publish extends Waiting {
  readonly to: Address
  readonly message: OutMessage
  readonly resolve: () => void
  readonly reject: (error: SluiceError) => void
  /** 0 while it waits for room; else its delivery tag, counted by us as the broker counts: from 1 on each channel. */
  tag: number
  returned: boolean
}

export interface PublisherOptions {
  readonly channel: ConfirmChannel
  readonly world: World
  /** The largest body that the broker takes, as far as it has said so; outlives the channel. */
  readonly limit: { bytes: number }
  /** A published message was not confirmed in time: its queue is stuck, or the connection is. */
  readonly onLate: () => void
  /** The channel is of no more use. Calls `fail` before it returns. */
  readonly onStuck: (why: string) => void
}

export class Publisher {
  private readonly channel: ConfirmChannel
  private readonly deadlines: Deadlines
  private readonly limit: { readonly bytes: number }
  private readonly onLate: () => void
  private readonly onStuck: (why: string) => void
  /** In order of arrival. */
  private readonly waiting = new Set<Publish>()
  /** By delivery tag, ascending. Null: given up by its caller, still owed an answer by the broker. */
  private readonly unconfirmed = new Map<number, Publish | null>()
  private abandoned = 0
  private lastTag = 0
  private draining = false
  private blocked: string | undefined
  private failure: SluiceError | undefined
  private readonly idle = new Gate(true)

  constructor({ channel, world, limit, onLate, onStuck }: PublisherOptions) {
    this.channel = channel
    this.limit = limit
    this.onLate = onLate
    this.onStuck = onStuck
    this.deadlines = new Deadlines(world.clock, CONFIRM_MS, TICK_MS)
    channel.on('ack', ({ deliveryTag, multiple }) => this.settle(deliveryTag, multiple, true))
    channel.on('nack', ({ deliveryTag, multiple }) => this.settle(deliveryTag, multiple, false))
    channel.on('return', (message) => this.onReturn(message))
    channel.on('drain', () => {
      this.draining = false
      this.pump()
    })
  }

  send(to: Address, message: OutMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure)
      const publish: Publish = {
        to,
        message,
        resolve,
        reject,
        tag: 0,
        returned: false,
        bornAt: 0,
        expire: () => this.expire(publish),
      }
      this.deadlines.add(publish)
      this.idle.shut()
      if (this.waiting.size === 0 && this.hasRoom()) this.publish(publish)
      else this.waiting.add(publish)
    })
  }

  /** The broker holds publishers back (memory or disk is low): nothing is handed to it until `unblock`. */
  block(reason: string): void {
    this.blocked = reason
  }

  unblock(): void {
    this.blocked = undefined
    this.pump()
  }

  /** Resolves when every send has been answered, or the signal aborts. */
  drained(signal: AbortSignal): Promise<void> {
    return this.idle.whenOpen(signal)
  }

  /**
   * The channel is gone: what waits was not sent, what is unconfirmed may or may not have arrived.
   * Confirms that come later are of nobody.
   */
  fail(why: (published: boolean) => SluiceError): void {
    if (this.failure !== undefined) return
    this.failure = why(false)
    const open = [...this.unconfirmed.values(), ...this.waiting]
    this.unconfirmed.clear()
    this.waiting.clear()
    this.abandoned = 0
    for (const publish of open)
      if (publish !== null) this.end(publish, this.tooLarge(publish) ?? why(publish.tag > 0))
  }

  private hasRoom(): boolean {
    return (
      this.unconfirmed.size - this.abandoned < MAX_UNCONFIRMED &&
      !this.draining &&
      this.blocked === undefined
    )
  }

  private pump(): void {
    for (const publish of this.waiting) {
      if (!this.hasRoom()) return
      this.waiting.delete(publish)
      this.publish(publish)
    }
  }

  private publish(publish: Publish): void {
    const { to, message } = publish
    const tag = this.lastTag + 1
    const tooLarge = this.tooLarge(publish)
    if (tooLarge !== undefined) return this.end(publish, tooLarge)
    try {
      const more = this.channel.publish(to.exchange, to.key, bodyOf(message), {
        ...propertiesOf(message),
        ...to.properties,
      })
      if (!more) this.draining = true
    } catch (thrown) {
      // amqplib encodes before it writes: nothing was sent and no tag was used.
      if (!(thrown instanceof IllegalOperationError))
        return this.end(publish, unfit(publish, thrown))
      this.waiting.add(publish)
      return this.onStuck(`closed the channel: ${thrown.message}`)
    }
    this.lastTag = tag
    publish.tag = tag
    this.unconfirmed.set(tag, publish)
  }

  private tooLarge(publish: Publish): SluiceError | undefined {
    const bytes = publish.message.value?.length ?? 0
    if (bytes <= this.limit.bytes) return undefined
    return unfit(
      publish,
      new Error(`${bytes} bytes are more than the broker takes (${this.limit.bytes})`),
    )
  }

  private settle(tag: number, multiple: boolean, taken: boolean): void {
    if (!multiple) this.answer(tag, taken)
    else
      for (const earlier of this.unconfirmed.keys()) {
        if (earlier > tag) break
        this.answer(earlier, taken)
      }
    this.pump()
  }

  private answer(tag: number, taken: boolean): void {
    const publish = this.unconfirmed.get(tag)
    this.unconfirmed.delete(tag)
    if (publish === undefined) return
    if (publish === null) this.abandoned--
    else if (!taken) this.end(publish, nacked(publish))
    else this.end(publish, publish.returned ? unroutable(publish) : undefined)
  }

  /** A mandatory message that no queue took comes back before it is confirmed. */
  private onReturn({ fields, properties }: Message): void {
    // Returns are rare and headers are dear: the returned message is found by its address and id. Should two of the same
    // id be under way to the same address, both come back, in the order in which they left.
    for (const publish of this.unconfirmed.values()) {
      if (publish === null || publish.returned) continue
      const { exchange, key } = publish.to
      if (exchange !== fields.exchange || key !== fields.routingKey) continue
      if (publish.message.id !== properties.messageId) continue
      publish.returned = true
      return
    }
  }

  private expire(publish: Publish): void {
    const { tag } = publish
    this.waiting.delete(publish)
    if (tag > 0) {
      this.unconfirmed.set(tag, null)
      this.abandoned++
    }
    this.end(publish, late(publish, this.blocked))
    if (this.abandoned >= MAX_UNCONFIRMED)
      this.onStuck(`left ${this.abandoned} messages unconfirmed`)
    else if (tag > 0) this.onLate()
  }

  private end(publish: Publish, error: SluiceError | undefined): void {
    this.deadlines.delete(publish)
    if (error === undefined) publish.resolve()
    else publish.reject(error)
    if (this.waiting.size === 0 && this.unconfirmed.size === this.abandoned) this.idle.open()
  }
}

const nameOf = ({ exchange, key }: Address) =>
  exchange === '' ? `queue ${key}` : `exchange ${exchange} with key "${key}"`

const unfit = ({ to, message }: Publish, thrown: unknown) =>
  new SluiceError('SLU5307', {
    message: `message ${message.id} for ${nameOf(to)} does not fit into AMQP: ${asError(thrown).message}`,
    cause: thrown,
  })

const nacked = ({ to, message }: Publish) =>
  new SluiceError('SLU5303', { message: `${nameOf(to)} refused message ${message.id}` })

const unroutable = ({ to, message }: Publish) =>
  new SluiceError('SLU5304', {
    message: `${to.exchange === '' ? `there is no ${nameOf(to)}` : `no queue is bound to ${nameOf(to)}`}: message ${message.id} was returned`,
  })

function late({ to, message, tag }: Publish, blocked: string | undefined): SluiceError {
  const within = `within ${CONFIRM_MS / 1_000} s`
  const why =
    tag > 0
      ? `message ${message.id} for ${nameOf(to)} was not confirmed ${within}: unknown outcome`
      : `message ${message.id} for ${nameOf(to)} found no room ${within} and was not sent`
  // What was not sent, or lies in the socket of a broker that reads nothing, costs no attempt.
  return new SluiceError(tag > 0 && blocked === undefined ? 'SLU5302' : 'SLU5308', {
    message: blocked === undefined ? why : `${why}; RabbitMQ holds publishers back: ${blocked}`,
  })
}
