// A consumer of one embedded queue: one lane from the moment the queue can be reached until it cannot, or the source stops.
import type {
  DriverContext,
  Intake,
  JobEnd,
  Lane,
  QueueSource,
  QueueSourceOptions,
} from '../../core/contract.ts'
import { HandOver } from '../../core/hand-over.ts'
import type { QueueMessage } from '../../core/message.ts'
import type { Reach, Reader } from './reach.ts'
import type { Consumer, Queued, Subscription } from './stored-queue.ts'

/** After a fault of the intake the same messages come again, but not at once. */
const FAULT_PAUSE_MS = 1_000

/** What a source reads from: each message goes to one taker at a time. */
interface Readable {
  /** Undefined: it is not there. */
  typeOf(address: string): string | undefined
  consume(address: string, consumer: Consumer): Subscription
  depth(address: string): number
  watchCreation(look: () => void): () => void
}

interface Options extends Omit<QueueSourceOptions, 'queue'> {
  readonly queue: Pick<QueueSourceOptions['queue'], 'name' | 'address'>
  /** Of jobs. */
  readonly bytes?: number
}

export class EmbeddedQueueSource implements QueueSource, Reader {
  private readonly options: Options
  private readonly queues: Readable
  private readonly context: DriverContext
  private readonly reach: Reach
  private intake: Intake | undefined
  private channel: Channel | undefined
  private unwatch: () => void = () => {}
  private ending: Promise<void> | undefined

  constructor(options: Options, queues: Readable, context: DriverContext, reach: Reach) {
    this.options = options
    this.queues = queues
    this.context = context
    this.reach = reach
  }

  start(intake: Intake): Promise<void> {
    if (this.ending !== undefined) return Promise.resolve()
    this.intake = intake
    this.reach.readers.add(this)
    this.unwatch = this.queues.watchCreation(() => this.open())
    this.open()
    return Promise.resolve()
  }

  stop(): Promise<void> {
    this.ending ??= this.leaveInOrder()
    return this.ending
  }

  /** Gone without draining, as a process that was killed: for tests and simulation. */
  crash(): void {
    this.ending ??= Promise.resolve()
    this.part()
    this.lose()
  }

  ack(lane: Lane, tag: number, end?: JobEnd): void {
    if (this.channel?.lane === lane) this.channel.subscription.ack(tag, end)
  }

  backlog(): Promise<number | undefined> {
    const { channel, queues } = this
    const { queue, feeders = [] } = this.options
    const waiting = [queue, ...feeders].reduce((sum, { address }) => sum + queues.depth(address), 0)
    return Promise.resolve(channel && waiting + channel.handOver.waiting)
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    const { channel } = this
    if (channel === undefined) return new Map()
    const caughtUp = this.queues.depth(this.options.queue.address) === 0
    return new Map([[channel.lane.id, { caughtUp, at: caughtUp ? this.now() : channel.movedAt }]])
  }

  cut(): void {
    this.lose()
  }

  healed(): void {
    this.open()
  }

  /** What it holds comes again, to whoever is there. */
  protected reopen(): void {
    this.lose()
    this.open()
  }

  private open(): void {
    const { intake, queues } = this
    const { queue, prefetch, bytes } = this.options
    if (intake === undefined || this.ending !== undefined) return
    if (this.channel !== undefined || !this.reach.gate.isOpen) return
    if (queues.typeOf(queue.address) === undefined) return
    const lane: Lane = { id: queue.name, partition: 0, live: () => this.channel === channel }
    const handOver = new HandOver({ intake, lane, onFault: (error) => void this.faulty(error) })
    const channel: Channel = { lane, handOver, movedAt: this.now(), subscription: NONE }
    this.channel = channel
    intake.granted([{ lane, committed: null, note: '' }])
    channel.subscription = queues.consume(queue.address, {
      prefetch,
      bytes,
      deliver: (message, tag, times, noted) => {
        channel.movedAt = this.now()
        const placed = queueMessage(message, tag, times)
        handOver.push(noted === undefined ? placed : { ...placed, parked: noted })
      },
    })
  }

  private async faulty(error: Error): Promise<void> {
    const { log, world } = this.context
    log.error({ err: error, queue: this.options.queue.name }, 'The intake failed.')
    this.lose()
    await world.clock.sleep(FAULT_PAUSE_MS)
    this.open()
  }

  private async leaveInOrder(): Promise<void> {
    const { channel } = this
    this.part()
    if (channel === undefined) return
    channel.subscription.cancel()
    channel.handOver.end()
    await this.intake?.revoke([channel.lane])
    if (this.channel === channel) this.channel = undefined
    channel.subscription.close()
  }

  private part(): void {
    this.unwatch()
    this.reach.readers.delete(this)
  }

  private lose(): void {
    const { channel } = this
    if (channel === undefined) return
    this.channel = undefined
    channel.handOver.end()
    this.intake?.lost([channel.lane])
    channel.subscription.close()
  }

  private now(): number {
    return this.context.world.clock.monotonic()
  }
}

interface Channel {
  readonly lane: Lane
  readonly handOver: HandOver
  movedAt: number
  subscription: Subscription
}

const NONE: Subscription = { ack() {}, cancel() {}, close() {} }

/** As RabbitMQ hands it over: a body is never absent, and what went through an exchange has its routing key. */
function queueMessage(message: Queued, tag: number, times: number): QueueMessage {
  const { id, type, source, key, routingKey, value, headers, timestamp } = message
  const { queue: replyTo, correlationId } = message.replyTo ?? {}
  return {
    key: key ?? (routingKey === undefined ? null : Buffer.from(routingKey)),
    value: value ?? new Uint8Array(),
    headers,
    timestamp,
    offset: tag,
    redelivered: times > 0,
    ...(times > 0 ? { deliveries: times } : {}),
    id,
    ...(type === undefined ? {} : { type }),
    ...(source === undefined ? {} : { source }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(correlationId === undefined ? {} : { correlationId }),
  }
}
