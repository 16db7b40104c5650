// One kafkajs consumer from its first connection to its end; a consumer that crashed or fell silent is never used again.
import { PartitionAssigners, type Consumer, type EachBatchPayload } from 'kafkajs'
import type { DriverContext, Intake, LogSourceOptions } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { LogMessage } from '../../core/message.ts'
import { bounded } from './bounded.ts'
import { createClient, type Client } from './client.ts'
import { toLogMessage } from './convert.ts'
import { kafkaError } from './errors.ts'
import type { FetchedBatch } from './internals.ts'
import type { KafkaLane } from './lane.ts'
import { Membership } from './membership.ts'
import { hookGroup } from './patches.ts'
import { HEARTBEAT_MS, REBALANCE_MS, SESSION_MS } from './session.ts'
import { Standstill } from './standstill.ts'

/** Without any sign of the client for this long it is taken for dead (tulios/kafkajs#659). */
const SILENT_MS = 3 * SESSION_MS
/** Others may drain for that long before the group goes on. */
const JOINING_MS = REBALANCE_MS + SILENT_MS
/** How often is looked whether something waits that should have come. */
const LOOK_MS = 5_000
const DISCONNECT_MS = 3_000
const REQUEST_MS = 10_000

export interface LifeParts {
  readonly brokers: readonly string[]
  readonly context: DriverContext
  readonly options: LogSourceOptions
  readonly intake: Intake
  /** High watermark by partition, asked by another connection than the consumer's. */
  readonly ends: () => Promise<ReadonlyMap<number, number>>
}

export class ConsumerLife {
  readonly membership: Membership
  private readonly parts: LifeParts
  private readonly over = new AbortController()
  private reason: SluiceError | undefined
  /** Batches that wait for room. */
  private held = 0

  constructor(parts: LifeParts) {
    this.parts = parts
    const { options, context, intake } = parts
    const failed = (error: SluiceError) => this.end(error)
    this.membership = new Membership({ options, context, intake, failed })
  }

  /** Resolves when it is over, with why; undefined after `stop`. Never rejects. */
  async run(): Promise<SluiceError | undefined> {
    const { brokers, context, options } = this.parts
    // A short break of the connection must not cost the partitions: retries last about as long as the session.
    const client = createClient({ brokers, context, requestTimeout: REQUEST_MS, retries: 6 })
    const consumer = this.makeConsumer(client)
    this.begin(consumer).catch((error: unknown) =>
      this.end(kafkaError(error, `consuming ${options.topic.address}`)),
    )
    await Promise.race([this.untilSilent(), this.untilStandstill()])
    this.membership.end()
    await bounded(consumer.disconnect(), DISCONNECT_MS, context.world.clock)
    client.destroy()
    return this.reason
  }

  /** Drains, then ends. Resolves when the lanes are given up. */
  async stop(): Promise<void> {
    await this.membership.leaveInOrder()
    this.end(undefined)
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    const now = this.parts.context.world.clock.monotonic()
    return new Map(
      this.membership.lanes.map((lane) => [lane.id, lane.progress(now, this.held > 0)]),
    )
  }

  private end(reason: SluiceError | undefined): void {
    if (this.over.signal.aborted) return
    this.reason = reason
    this.over.abort()
  }

  private async begin(consumer: Consumer): Promise<void> {
    await consumer.connect()
    // Where a group starts is decided by us; an offset that is out of range goes on at the earliest that is left.
    await consumer.subscribe({ topic: this.parts.options.topic.address, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: (payload) => this.handOver(payload),
    })
  }

  private makeConsumer({ kafka }: Client): Consumer {
    const { options } = this.parts
    const consumer = kafka.consumer({
      groupId: options.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: 100,
      // Fetched while the window is full, so it is memory; a larger message still comes alone.
      maxBytesPerPartition: 512 * 1024,
      metadataMaxAge: 60_000,
      retry: {
        initialRetryTime: 200,
        retries: 6,
        maxRetryTime: 2_000,
        restartOnFailure: () => Promise.resolve(false),
      },
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
    consumer.on(consumer.events.CRASH, ({ payload }) =>
      this.end(kafkaError(payload.error, `consuming ${options.topic.address}`)),
    )
    return consumer
  }

  private async untilSilent(): Promise<void> {
    const { clock } = this.parts.context.world
    const { signal } = this.over
    while (!signal.aborted) {
      await clock.sleep(1_000, signal)
      const silence = clock.monotonic() - this.membership.signAt
      if (silence > (this.membership.joining ? JOINING_MS : SILENT_MS))
        this.end(
          new SluiceError('SLU5201', {
            message: `the consumer gave no sign of life for ${Math.round(silence / 1_000)} s`,
          }),
        )
    }
  }

  /** Signs of life are no progress: a client may hold its lanes and bring nothing of them, and nobody else gets them then. Never rejects. */
  private async untilStandstill(): Promise<void> {
    const { context, ends } = this.parts
    const { clock } = context.world
    const { signal } = this.over
    const standstill = new Standstill(SILENT_MS)
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal)
      const there = this.isFree() ? await ends().catch(() => undefined) : undefined
      if (there === undefined || !this.isFree()) standstill.excuse()
      else this.judge(standstill.look(this.membership.lanes, there, clock.monotonic()))
    }
  }

  private judge(lane: KafkaLane | undefined): void {
    if (lane === undefined) return
    const message = `${lane.id} has messages from offset ${lane.position} on, and none of them came`
    this.end(new SluiceError('SLU5505', { message }))
  }

  /** Nothing holds the consumer back. */
  private isFree(): boolean {
    const { granted, joining } = this.membership
    return granted && !joining && this.held === 0
  }

  // ---------------------------------------------------------------- messages

  /** Returns as soon as everything was taken, so that kafkajs fetches on; holds while the window is full, heartbeating. */
  private async handOver({ batch, heartbeat, resolveOffset }: EachBatchPayload): Promise<void> {
    const lane = this.membership.laneFor(batch)
    if (lane === undefined || !lane.owned) {
      // It is fetched again as soon as we return.
      await this.parts.context.world.clock.sleep(HEARTBEAT_MS / 10, this.over.signal)
      return
    }
    this.checkPlace(batch as FetchedBatch, lane)
    const { clock } = this.parts.context.world
    const messages = batch.messages.map(toLogMessage)
    let taken = 0
    while (taken < messages.length) {
      if (!lane.owned || this.over.signal.aborted) return
      const more = this.parts.intake.offer(lane, messages, taken)
      if (more > 0) {
        taken += more
        // An error on the way makes kafkajs fetch again: not what was taken. The last one stands for control records behind it.
        const last = (messages[taken - 1] as LogMessage).offset
        resolveOffset(String(last))
        const done = taken === messages.length
        lane.moved((done ? Number(batch.lastOffset()) : last) + 1, clock.monotonic())
      }
      if (taken < messages.length) await this.awaitRoom(lane, heartbeat)
    }
  }

  private async awaitRoom(lane: KafkaLane, heartbeat: () => Promise<void>): Promise<void> {
    const { context, intake } = this.parts
    const room = intake.room(lane).then(() => true)
    this.held++
    try {
      for (let free = false; !free && !this.over.signal.aborted;) {
        const tick = new AbortController()
        const pause = context.world.clock.sleep(HEARTBEAT_MS / 2, tick.signal).then(() => false)
        free = await Promise.race([room, pause])
        tick.abort()
        await heartbeat()
      }
    } finally {
      this.held--
    }
  }

  /** kafkajs reads on elsewhere when an offset is out of range; that must not pass in silence, and never backwards within a lane. */
  private checkPlace(batch: FetchedBatch, lane: KafkaLane): void {
    const from = Number(batch.fetchedOffset)
    if (from < lane.position)
      throw this.broken(`${lane.id} went back from offset ${lane.position} to ${from}`)
    if (from > lane.position)
      this.parts.context.log.warn(
        { lane: lane.id, from: lane.position, to: from },
        'Offsets were gone before they were read; the pipeline goes on behind them.',
      )
  }

  private broken(message: string): SluiceError {
    const error = new SluiceError('SLU5206', { message })
    this.end(error)
    return error
  }
}
