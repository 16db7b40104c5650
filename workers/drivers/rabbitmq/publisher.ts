// One confirm channel on one connection, for as long as both live; never credits a confirm to another channel's message.
import amqp, { type ChannelModel, type ConfirmChannel, type Options } from 'amqplib'
import type { DriverContext, OutMessage } from '../../core/contract.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import { Confirms, PUBLISH_HEADER } from './confirms.ts'

/** Unconfirmed publishes at most; more wait here, not in amqplib's unbounded buffer (amqp-node/amqplib#398). */
const UNCONFIRMED = 1_000
const CONFIRM_MS = 10_000
const SWEEP_MS = 1_000

export interface PublisherParts {
  readonly connect: Options.Connect
  readonly context: DriverContext
  /** Called once, when the connection or the channel is gone. */
  readonly onLost: (reason: Error) => void
}

export class Publisher {
  readonly connection: ChannelModel
  private readonly channel: ConfirmChannel
  private readonly parts: PublisherParts
  private readonly confirms: Confirms
  private waiting: (() => void)[] = []
  private blocked = false
  private lost: Error | undefined

  static async open(parts: PublisherParts): Promise<Publisher> {
    const connection = await amqp.connect(parts.connect, {
      clientProperties: { connection_name: parts.context.clientId },
      timeout: 5_000,
      keepAlive: true,
      noDelay: true,
    })
    // Without a listener an error between here and the constructor would end the process.
    connection.on('error', () => {})
    return new Publisher(parts, connection, await connection.createConfirmChannel())
  }

  private constructor(parts: PublisherParts, connection: ChannelModel, channel: ConfirmChannel) {
    this.parts = parts
    this.connection = connection
    this.channel = channel
    this.confirms = new Confirms(parts.context.world.clock)
    const end = (what: string) => (reason?: unknown) =>
      this.end(reason === undefined ? new Error(`${what} closed`) : asError(reason))
    connection.on('error', end('connection'))
    connection.on('close', end('connection'))
    connection.on('blocked', (reason: string) => this.block(reason))
    connection.on('unblocked', () => this.unblock())
    channel.on('error', end('channel'))
    channel.on('close', end('channel'))
    channel.on('drain', () => this.wake())
    channel.on('return', (message: { properties: { headers?: Record<string, unknown> } }) =>
      this.confirms.returned(message.properties.headers?.[PUBLISH_HEADER]),
    )
    this.sweep()
  }

  async publish(queue: string, message: OutMessage): Promise<void> {
    await this.room()
    if (this.lost !== undefined)
      throw new SluiceError('SLU5301', { message: this.lost.message, cause: this.lost })
    await new Promise<void>((resolve, reject) => {
      const publish = this.confirms.add(queue, resolve, reject)
      const { value, options } = wireFormat(message, publish.number)
      this.channel.publish('', queue, value, options, (failed: unknown) =>
        this.confirmed(publish, failed),
      )
    })
  }

  /** Waits for outstanding confirms, bounded, then disconnects. */
  async close(): Promise<void> {
    const { clock } = this.parts.context.world
    const deadline = clock.monotonic() + 5_000
    while (this.confirms.size > 0 && this.lost === undefined && clock.monotonic() < deadline)
      await clock.sleep(10)
    const closing = this.connection.close().catch(() => {})
    await Promise.race([closing, clock.sleep(2_000)])
    this.end(new Error('closed'))
  }

  private confirmed(publish: Parameters<Confirms['settle']>[0], failed: unknown): void {
    // When the channel closes, amqplib calls back with an error: that is an unknown outcome, not a refusal.
    if (failed !== null && failed !== undefined && this.lost === undefined && isClosing(failed))
      this.end(asError(failed))
    this.confirms.settle(publish, failed !== null && failed !== undefined)
    this.wake()
  }

  private async room(): Promise<void> {
    const { clock } = this.parts.context.world
    const deadline = clock.monotonic() + CONFIRM_MS
    while ((this.confirms.size >= UNCONFIRMED || this.blocked) && this.lost === undefined) {
      if (clock.monotonic() > deadline)
        throw new SluiceError('SLU5302', {
          message: this.blocked
            ? 'RabbitMQ blocks publishers'
            : `${UNCONFIRMED} publishes wait for their confirm`,
        })
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
  }

  private wake(): void {
    if (this.waiting.length === 0 || this.blocked) return
    const free = Math.max(0, UNCONFIRMED - this.confirms.size)
    for (const go of this.waiting.splice(0, free)) go()
  }

  private wakeAll(): void {
    for (const go of this.waiting.splice(0)) go()
  }

  private block(reason: string): void {
    this.blocked = true
    this.parts.context.log.warn({ reason }, 'RabbitMQ blocks publishers; sends wait.')
  }

  private unblock(): void {
    this.blocked = false
    this.wakeAll()
  }

  /** One coarse timer instead of one a message. */
  private sweep(): void {
    this.parts.context.world.clock.after(SWEEP_MS, () => {
      if (this.lost !== undefined) return
      this.confirms.expire(CONFIRM_MS)
      this.wakeAll()
      this.sweep()
    })
  }

  private end(reason: Error): void {
    if (this.lost !== undefined) return
    this.lost = reason
    this.confirms.abandon(reason.message)
    this.wakeAll()
    void this.connection.close().catch(() => {})
    this.parts.onLost(reason)
  }
}

const isClosing = (failed: unknown) => /clos/i.test(asError(failed).message)

function wireFormat(
  message: OutMessage,
  number: number,
): { value: Buffer; options: Options.Publish } {
  const headers: Record<string, unknown> = { ...message.headers, [PUBLISH_HEADER]: number }
  if (message.key !== null) headers['sluice-key'] = Buffer.from(message.key).toString('utf8')
  return {
    value: message.value === null ? Buffer.alloc(0) : (message.value as Buffer),
    options: {
      mandatory: true,
      persistent: true,
      messageId: message.id,
      contentType: message.contentType,
      timestamp: Math.floor(message.timestamp / 1000),
      headers,
    },
  }
}
