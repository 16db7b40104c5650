// One consumer from its first connection to its end; a consumer that crashed or fell silent is never used again.
import type { DriverContext, Intake, LogSourceOptions } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { LogMessage } from '../../core/message.ts'
import { bounded } from './bounded.ts'
import type { Fetched, KafkaClient } from './client.ts'
import { kafkaError } from './errors.ts'
import type { KafkaLane } from './lane.ts'
import { Membership } from './membership.ts'
import { HEARTBEAT_MS, REBALANCE_MS, SESSION_MS } from './session.ts'
import { Standstill } from './standstill.ts'

/** Without any sign of the client for this long it is taken for dead (tulios/kafkajs#659). */
const SILENT_MS = 3 * SESSION_MS
/** Others may drain for that long before the group goes on. */
const JOINING_MS = REBALANCE_MS + SILENT_MS
/** How often is looked whether something waits that should have come. */
const LOOK_MS = 5_000
const DISCONNECT_MS = 3_000

export interface LifeParts {
  readonly brokers: readonly string[]
  readonly context: DriverContext
  readonly client: KafkaClient
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
    const { brokers, context, client, options } = this.parts
    const failed = (thrown: unknown) =>
      this.end(kafkaError(thrown, `consuming ${options.topic.address}`))
    const consumer = client.consumer({
      brokers,
      context,
      options,
      failed,
      seat: this.membership,
      handOver: (fetched) => this.handOver(fetched),
      over: this.over.signal,
    })
    consumer.begin().catch(failed)
    await Promise.race([this.untilSilent(), this.untilStandstill()])
    this.membership.end()
    await bounded(consumer.leave(), DISCONNECT_MS, context.world.clock)
    consumer.destroy()
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
    const message = `${lane.id} stands at offset ${lane.position}, where its partition does not end, and nothing came`
    this.end(new SluiceError('SLU5505', { message }))
  }

  /** Nothing holds the consumer back. */
  private isFree(): boolean {
    const { granted, joining } = this.membership
    return granted && !joining && this.held === 0
  }

  // ---------------------------------------------------------------- messages

  /** Returns as soon as everything was taken; holds while the window is full. */
  private async handOver(fetched: Fetched): Promise<void> {
    const { lane, messages } = fetched
    this.checkPlace(fetched)
    const { clock } = this.parts.context.world
    // Control records, and what was given up: nobody has to take them.
    if (messages.length === 0 && lane.owned) lane.moved(fetched.next, clock.monotonic())
    let taken = 0
    while (taken < messages.length) {
      if (!lane.owned || this.over.signal.aborted) return
      const more = this.parts.intake.offer(lane, messages, taken)
      if (more > 0) {
        taken += more
        // The last one stands for control records behind it.
        const last = (messages[taken - 1] as LogMessage).offset
        fetched.taken?.(last)
        const done = taken === messages.length
        lane.moved(done ? fetched.next : last + 1, clock.monotonic())
      }
      if (taken < messages.length) await this.awaitRoom(fetched)
    }
  }

  private async awaitRoom({ lane, waiting }: Fetched): Promise<void> {
    const { context, intake } = this.parts
    const room = intake.room(lane).then(() => true)
    this.held++
    try {
      for (let free = false; !free && !this.over.signal.aborted;) {
        const tick = new AbortController()
        const pause = context.world.clock.sleep(HEARTBEAT_MS / 2, tick.signal).then(() => false)
        free = await Promise.race([room, pause])
        tick.abort()
        await waiting?.()
      }
    } finally {
      this.held--
    }
  }

  /** A client may read on elsewhere when an offset is out of range; that must not pass in silence, and never backwards within a lane. */
  private checkPlace({ from, lane }: Fetched): void {
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
