// A consumer group's member on kafkajs: hands messages over without waiting for their work, drains before every rebalance, restarts itself.
import {
  PartitionAssigners,
  type Consumer,
  type EachBatchPayload,
  type Kafka,
  type KafkaMessage,
} from 'kafkajs'
import type {
  DriverContext,
  Intake,
  LogCommit,
  LogSource,
  LogSourceOptions,
} from '../../core/contract.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type { LogMessage } from '../../core/message.ts'
import { kafkaError } from './errors.ts'
import { Membership } from './membership.ts'
import { hookGroup } from './patches.ts'
import { bounded } from './bounded.ts'
import { HEARTBEAT_MS, REBALANCE_MS, SESSION_MS } from './session.ts'

/** Without any sign of the client for this long it is taken for dead (tulios/kafkajs#659). */
const STALLED_MS = 3 * SESSION_MS

export interface SourceParts {
  readonly kafka: Kafka
  readonly context: DriverContext
  readonly options: LogSourceOptions
  /** High watermark by partition. */
  readonly ends: () => Promise<ReadonlyMap<number, { low: number; high: number }>>
  readonly closed: (source: KafkaSource) => void
}

export class KafkaSource implements LogSource {
  private readonly parts: SourceParts
  private readonly membership: Membership
  private intake: Intake | undefined
  private readonly stopping = new AbortController()
  private stopped: Promise<void> | undefined
  private supervision: Promise<void> = Promise.resolve()

  constructor(parts: SourceParts) {
    this.parts = parts
    this.membership = new Membership(parts.options, parts.context)
  }

  start(intake: Intake): Promise<void> {
    this.intake = intake
    this.membership.intake = intake
    this.supervision = this.supervise()
    return Promise.resolve()
  }

  stop(): Promise<void> {
    this.stopped ??= this.shutDown()
    return this.stopped
  }

  commit(commits: readonly LogCommit[]): Promise<void> {
    return this.membership.commit(commits)
  }

  async backlog(): Promise<number | undefined> {
    if (!this.membership.joined) return undefined
    const ends = await this.parts.ends()
    let left = 0
    for (const lane of this.membership.lanes) {
      const end = ends.get(lane.partition)
      if (end === undefined) continue
      left += Math.max(0, end.high - this.membership.nextOffset(lane, end))
    }
    return left
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    return new Map(
      this.membership.lanes.map((lane) => [
        lane.id,
        { caughtUp: (lane.position ?? 0) >= lane.end, at: lane.movedAt },
      ]),
    )
  }

  // ---------------------------------------------------------------- supervision

  /** Makes a new consumer whenever the last one crashed or went silent, until `stop`. */
  private async supervise(): Promise<void> {
    const { world, log } = this.parts.context
    for (let failures = 0; !this.stopping.signal.aborted;) {
      const startedAt = world.clock.monotonic()
      const reason = await this.live()
      this.membership.lose()
      if (this.stopping.signal.aborted) return
      failures = world.clock.monotonic() - startedAt > 30_000 ? 0 : failures + 1
      const pause = world.random.next() * Math.min(5_000, 200 * 2 ** failures)
      log.warn(
        { topic: this.parts.options.topic.name, reason: reason.message },
        'The Kafka consumer stopped; a new one is made.',
      )
      await world.clock.sleep(pause, this.stopping.signal)
    }
  }

  /** One consumer's life; resolves with why it ended. */
  private async live(): Promise<Error> {
    const end = new AbortController()
    const consumer = this.makeConsumer(end)
    try {
      await consumer.connect()
      await consumer.subscribe({
        topic: this.parts.options.topic.address,
        fromBeginning: this.parts.options.start === 'earliest',
      })
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 4,
        eachBatch: (payload) => this.handOver(payload),
      })
      await this.untilSilent(end.signal)
      return end.signal.aborted ? asError(end.signal.reason) : new Error('no sign of life')
    } catch (error) {
      return kafkaError(error, `consuming ${this.parts.options.topic.address}`)
    } finally {
      if (this.stopping.signal.aborted) await this.membership.leaving
      await bounded(consumer.disconnect(), 5_000, this.parts.context.world.clock)
    }
  }

  private makeConsumer(end: AbortController): Consumer {
    const { kafka, options } = this.parts
    const consumer = kafka.consumer({
      groupId: options.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: 100,
      // Fetched while the window is full, so it is memory; a larger message still comes alone.
      maxBytesPerPartition: 256 * 1024,
      metadataMaxAge: 60_000,
      retry: { initialRetryTime: 200, retries: 3, restartOnFailure: () => Promise.resolve(false) },
      partitionAssigners: [
        (config) => {
          hookGroup(config.cluster, this.membership)
          return PartitionAssigners.roundRobin(config)
        },
      ],
    })
    const sign = () => this.membership.sign()
    consumer.on(consumer.events.FETCH, sign)
    consumer.on(consumer.events.HEARTBEAT, sign)
    consumer.on(consumer.events.GROUP_JOIN, sign)
    consumer.on(consumer.events.CRASH, ({ payload }) => end.abort(payload.error))
    return consumer
  }

  private async untilSilent(ended: AbortSignal): Promise<void> {
    const { clock } = this.parts.context.world
    const stop = AbortSignal.any([ended, this.stopping.signal])
    this.membership.sign()
    while (!stop.aborted && clock.monotonic() - this.membership.signAt < STALLED_MS)
      await clock.sleep(1_000, stop)
  }

  private async shutDown(): Promise<void> {
    this.membership.leave()
    await this.membership.leaving
    this.stopping.abort()
    await this.supervision
    this.parts.closed(this)
  }

  // ---------------------------------------------------------------- messages

  /** Returns as soon as everything was taken, so that kafkajs fetches on; holds while the window is full, heartbeating. */
  private async handOver({ batch, heartbeat, resolveOffset }: EachBatchPayload): Promise<void> {
    const { intake, membership } = this
    const { clock } = this.parts.context.world
    const lane = membership.laneOf(batch.partition)
    if (lane === undefined || intake === undefined)
      throw new SluiceError('SLU5204', { message: `partition ${batch.partition} was not granted` })
    const messages = batch.messages.map(toLogMessage)
    lane.end = Number(batch.highWatermark)
    let taken = 0
    while (taken < messages.length) {
      if (!lane.owned || this.stopping.signal.aborted) return
      taken += intake.offer(lane, messages, taken)
      lane.movedAt = clock.monotonic()
      if (taken < messages.length) {
        const tick = new AbortController()
        await Promise.race([intake.room(), clock.sleep(HEARTBEAT_MS / 2, tick.signal)])
        tick.abort()
        await heartbeat()
      }
    }
    // The last offset stands for the control records behind it as well.
    resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset())
    lane.position = Number(batch.lastOffset()) + 1
  }
}

function toLogMessage({ offset, key, value, headers, timestamp }: KafkaMessage): LogMessage {
  return {
    offset: Number(offset),
    key,
    value,
    headers: (headers ?? {}) as LogMessage['headers'],
    timestamp: Number(timestamp),
  }
}
