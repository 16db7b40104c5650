// The RabbitMQ driver on amqplib: keeps one publishing connection up, restores it with its queues, and confirms every message.
import type { DriverContext, Queue, QueueDriver } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { rabbitError } from './errors.ts'
import { Publisher } from './publisher.ts'
import { ensureQueues } from './queues.ts'

export interface RabbitmqConfig {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly vhost: string
}

export function createRabbitmqDriver(config: RabbitmqConfig, context: DriverContext): QueueDriver {
  const driver = new RabbitmqDriver(config, context)
  return driver
}

class RabbitmqDriver implements QueueDriver {
  private readonly config: RabbitmqConfig
  private readonly context: DriverContext
  private readonly closing = new AbortController()
  /** Asserted again after each reconnect: a broker that lost its disk comes back without them. */
  private readonly declared = new Map<string, Queue>()
  private publisher: Publisher | undefined
  private restoring: Promise<void> | undefined

  constructor(config: RabbitmqConfig, context: DriverContext) {
    this.config = config
    this.context = context
  }

  async connect(): Promise<void> {
    if (this.publisher === undefined) await this.open()
  }

  isUp(): boolean {
    return this.publisher !== undefined
  }

  async whenUp(signal?: AbortSignal): Promise<void> {
    const { restoring } = this
    if (this.publisher !== undefined || restoring === undefined || signal?.aborted) return
    if (signal === undefined) return restoring
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      void restoring.then(resolve)
    })
  }

  async ping(): Promise<void> {
    const { clock } = this.context.world
    const channel = this.live()
      .connection.createChannel()
      .then((opened) => opened.close())
    const late = clock.sleep(3_000).then(() => {
      throw new SluiceError('SLU5302', { message: 'RabbitMQ did not open a channel within 3 s' })
    })
    await Promise.race([channel, late]).catch((error: unknown) => {
      throw rabbitError(error, 'ping')
    })
  }

  async close(): Promise<void> {
    this.closing.abort()
    const { publisher } = this
    this.publisher = undefined
    await publisher?.close()
  }

  sink({ address }: Queue) {
    return {
      send: async (message: Parameters<Publisher['publish']>[1]) => {
        try {
          await this.live().publish(address, message)
        } catch (error) {
          throw rabbitError(error, `sending to ${address}`)
        }
      },
    }
  }

  async ensureQueues(queues: readonly Queue[]): Promise<string[]> {
    for (const queue of queues) this.declared.set(queue.address, queue)
    return ensureQueues(this.live().connection, queues, this.context.log)
  }

  private live(): Publisher {
    if (this.publisher === undefined)
      throw new SluiceError('SLU5301', {
        message: `RabbitMQ at ${this.config.host}:${this.config.port} is away`,
      })
    return this.publisher
  }

  private async open(): Promise<void> {
    const { host, port, user, password, vhost } = this.config
    const { context } = this
    let publisher: Publisher | undefined
    try {
      publisher = await Publisher.open({
        context,
        connect: {
          hostname: host,
          port,
          username: user,
          password,
          vhost,
          heartbeat: 10,
          frameMax: 131_072,
        },
        onLost: (reason) => this.lost(publisher, reason),
      })
      if (this.declared.size > 0)
        await ensureQueues(publisher.connection, [...this.declared.values()], context.log)
      this.publisher = publisher
    } catch (error) {
      await publisher?.close()
      const { code, message } = rabbitError(error, 'connecting')
      throw new SluiceError(code === 'SLU5305' ? 'SLU5305' : 'SLU5301', {
        message:
          code === 'SLU5305'
            ? `RabbitMQ at ${host}:${port} refused user "${user}" on virtual host "${vhost}": ${message}; asked for by ${context.origin}`
            : `RabbitMQ at ${host}:${port} is away: ${message}; asked for by ${context.origin}`,
        cause: error,
      })
    }
  }

  private lost(publisher: Publisher | undefined, reason: Error): void {
    if (publisher === undefined || this.publisher !== publisher || this.closing.signal.aborted)
      return
    this.publisher = undefined
    this.context.log.warn(
      { origin: this.context.origin, reason: reason.message },
      'RabbitMQ is away; reconnecting.',
    )
    this.restoring ??= this.restore()
  }

  /** Never rejects. */
  private async restore(): Promise<void> {
    const { world, log, origin } = this.context
    for (let times = 1; !this.closing.signal.aborted && this.publisher === undefined; times++) {
      const pause = world.random.next() * Math.min(5_000, 100 * 2 ** Math.min(times, 10))
      await world.clock.sleep(pause, this.closing.signal)
      try {
        await this.open()
        log.info({ origin }, 'RabbitMQ is back.')
      } catch (error) {
        log.debug({ err: error }, 'RabbitMQ is still away.')
      }
    }
    this.restoring = undefined
  }
}
