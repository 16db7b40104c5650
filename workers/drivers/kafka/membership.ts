// One consumer's place in its group: the lanes it holds, giving them up in good order, and commits under the right generation.
import type {
  DriverContext,
  Intake,
  LaneGrant,
  LogCommit,
  LogSourceOptions,
} from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Group, Seat } from './client.ts'
import { isUnanswered, kafkaError, saysGone, typeOf } from './errors.ts'
import { findStarts } from './group-offsets.ts'
import { KafkaLane } from './lane.ts'
import { Limit } from './limit.ts'
import { FENCE_MS, HEARTBEAT_MS } from './session.ts'

/** A request on a connection that was lost may never settle. */
const ANSWER_MS = 10_000

export interface MembershipParts {
  readonly options: LogSourceOptions
  readonly context: DriverContext
  readonly intake: Intake
  /** It cannot go on with this consumer. */
  readonly failed: (error: SluiceError) => void
}

export class Membership implements Seat {
  lanes: readonly KafkaLane[] = []
  /** From a grant, be it of nothing, until its lanes are given up. */
  granted = false
  /** The last sign that the client is alive, by the monotonic clock. */
  signAt: number
  private readonly parts: MembershipParts
  private group: Group | undefined
  private heardAt = Number.NEGATIVE_INFINITY
  private retired = false
  private draining:
    { readonly lanes: readonly KafkaLane[]; readonly done: Promise<void> } | undefined
  private underWay: Promise<void> | undefined
  /** Aborted when the lanes are gone. */
  private tenure = new AbortController()
  private readonly limit: Limit

  constructor(parts: MembershipParts) {
    this.parts = parts
    const { clock } = parts.context.world
    this.limit = new Limit({ clock, ms: ANSWER_MS, code: 'SLU5202', onLate: () => {} })
    this.signAt = this.now()
  }

  get joining(): boolean {
    return this.underWay !== undefined
  }

  sign(): void {
    this.signAt = this.now()
  }

  async commit(commits: readonly LogCommit[]): Promise<void> {
    const { group, tenure } = this
    const { address: topic } = this.parts.options.topic
    for (const { lane } of commits)
      if (group === undefined || !this.lanes.includes(lane as KafkaLane))
        throw new SluiceError('SLU5204', { message: `${lane.id} is no longer ours` })
    const places = commits.map(({ lane, next, note }) => ({
      partition: lane.partition,
      next,
      note,
    }))
    const over = lanesGone(tenure.signal)
    try {
      await Promise.race([over.promise, this.limit.within(async () => group?.commit(places))])
    } catch (error) {
      throw kafkaError(error, `committing ${topic}`)
    } finally {
      over.forget()
    }
  }

  // ---------------------------------------------------------------- giving up

  /** Gives up everything in good order, and takes nothing more. */
  leaveInOrder(): Promise<void> {
    this.retired = true
    return this.drain()
  }

  /** The consumer is over: what it held is lost, and nothing more is taken. */
  end(): void {
    this.retired = true
    this.lose()
  }

  /** The lanes are gone already. */
  lose(): void {
    const { lanes } = this
    this.release(lanes)
    this.granted = false
    this.group = undefined
    this.tenure.abort()
    this.tenure = new AbortController()
    if (lanes.length > 0) this.parts.intake.lost(lanes)
  }

  /** Work in flight is settled and committed when it resolves. Whoever asks meanwhile waits for the same. Never rejects. */
  private drain(): Promise<void> {
    const { lanes } = this
    if (this.draining?.lanes !== lanes) this.draining = { lanes, done: this.revoke(lanes) }
    return this.draining.done
  }

  private async revoke(lanes: readonly KafkaLane[]): Promise<void> {
    this.granted = false
    if (lanes.length === 0) return
    try {
      await this.parts.intake.revoke(lanes)
    } catch (error) {
      this.parts.context.log.error({ err: error }, 'Lanes could not be drained; they are given up.')
      this.parts.intake.lost(lanes)
    }
    this.release(lanes)
  }

  private release(lanes: readonly KafkaLane[]): void {
    for (const lane of lanes) lane.owned = false
    this.lanes = this.lanes.filter((lane) => lane.owned)
  }

  // ---------------------------------------------------------------- around what the client does

  /** Fetches of several brokers may find out at once that the group must be joined anew: once is enough. */
  join(group: Group, step: () => Promise<void>): Promise<void> {
    this.underWay ??= this.rejoin(group, step).finally(() => {
      this.underWay = undefined
      this.sign()
    })
    return this.underWay
  }

  // ---------------------------------------------------------------- joining

  private async rejoin(group: Group, step: () => Promise<void>): Promise<void> {
    const { options, context } = this.parts
    if (this.lanes.length > 0) {
      context.log.info(
        { topic: options.topic.name, group: options.group, partitions: this.lanes.length },
        'The group rebalances; work in flight is drained first.',
      )
      await this.giveUp(group)
    }
    await step()
    try {
      await this.take(group)
    } catch (thrown) {
      // The client would fetch on without anybody to take what it brings.
      const error = kafkaError(thrown, `joining group ${options.group}`)
      this.parts.failed(error)
      throw error
    }
  }

  /** Drains under heartbeats; stops waiting when the group goes on without us. */
  private async giveUp(group: Group): Promise<void> {
    const { clock } = this.parts.context.world
    const over = new AbortController()
    const tick = () => clock.sleep(HEARTBEAT_MS, over.signal).then(() => true)
    let ours = await Promise.race([this.beat(group), tick()])
    if (ours) void this.drain().then(() => over.abort())
    while (ours && !over.signal.aborted) {
      await tick()
      ours = over.signal.aborted || (await Promise.race([this.beat(group), tick()]))
    }
    over.abort()
    if (!ours) this.lose()
  }

  private async take(group: Group): Promise<void> {
    const { options, context, intake } = this.parts
    const { topic } = options
    this.group = group
    await Promise.race([this.beat(group), this.parts.context.world.clock.sleep(HEARTBEAT_MS)])
    const starts = await this.limit.within(() => findStarts(group, options, group.assigned()))
    if (this.retired) return
    const now = this.now()
    const heardLately = () => this.now() - this.heardAt < FENCE_MS
    const grants = starts.map(
      ({ partition, from, committed, note }): LaneGrant & { lane: KafkaLane } => ({
        lane: new KafkaLane(`${topic.name}/${partition}`, partition, from, now, heardLately),
        committed,
        note,
      }),
    )
    this.lanes = grants.map(({ lane }) => lane)
    this.granted = true
    context.log.info(
      { topic: topic.name, group: options.group, partitions: this.lanes.map((l) => l.partition) },
      'Partitions were granted.',
    )
    intake.granted(grants)
  }

  /** One heartbeat; false when the group goes on without us. Never rejects. */
  private async beat(group: Group): Promise<boolean> {
    const at = this.now()
    if (!group.known()) return false
    try {
      await group.heartbeat()
      this.heard(at)
    } catch (thrown) {
      if (saysGone(thrown)) return false
      // This answer keeps the session as any other does.
      if (typeOf(thrown) === 'REBALANCE_IN_PROGRESS') this.heard(at)
      else await this.findCoordinator(group, thrown)
    }
    return true
  }

  private async findCoordinator(group: Group, thrown: unknown): Promise<void> {
    const moved = typeOf(thrown) === 'NOT_COORDINATOR_FOR_GROUP'
    if (!moved && !isUnanswered(kafkaError(thrown, 'heartbeat'))) return
    try {
      await group.findCoordinator()
    } catch (error) {
      this.parts.context.log.debug({ err: error }, 'The coordinator of the group was not found.')
    }
  }

  heard(at: number): void {
    this.heardAt = Math.max(this.heardAt, at)
    this.sign()
  }

  private now(): number {
    return this.parts.context.world.clock.monotonic()
  }
}

/** Rejects when the signal aborts, unless it was forgotten before. */
function lanesGone(signal: AbortSignal): { promise: Promise<never>; forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>()
  const gone = () =>
    reject(new SluiceError('SLU5204', { message: 'the lanes were lost meanwhile' }))
  signal.addEventListener('abort', gone, { once: true })
  return { promise, forget: () => signal.removeEventListener('abort', gone) }
}
