// This process's place in a consumer group: the lanes it holds, giving them up in good order, and commits under the right generation.
import { systemClock } from '../../core/clock.ts'
import type {
  DriverContext,
  Intake,
  LaneGrant,
  LogCommit,
  LogSourceOptions,
} from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { kafkaError, rootCause } from './errors.ts'
import type { ConsumerGroup } from './internals.ts'
import { KafkaLane } from './lane.ts'
import type { GroupHook } from './patches.ts'
import { HEARTBEAT_MS, SESSION_MS } from './session.ts'

/** Answers that mean: the group goes on without us. */
const GONE = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])
/** Fenced a little before the coordinator would: our clock starts when we send, its when it hears. */
const FENCE_MS = SESSION_MS * 0.9

/** Longest a commit may take. */
const COMMIT_MS = 10_000

export class Membership implements GroupHook {
  intake: Intake | undefined
  lanes: KafkaLane[] = []
  joined = false
  signAt = 0
  /** Resolves when the lanes are drained for good; set by `leave`. */
  leaving: Promise<void> | undefined
  private readonly options: LogSourceOptions
  private readonly context: DriverContext
  private group: ConsumerGroup | undefined
  private heardAt = 0
  private revoking: Promise<void> | undefined
  /** Aborted when the lanes are lost. */
  private tenure = new AbortController()

  constructor(options: LogSourceOptions, context: DriverContext) {
    this.options = options
    this.context = context
  }

  laneOf(partition: number): KafkaLane | undefined {
    return this.lanes.find((lane) => lane.partition === partition)
  }

  sign(): void {
    this.signAt = this.context.world.clock.monotonic()
  }

  heard(at: number): void {
    this.heardAt = Math.max(this.heardAt, at)
    this.sign()
  }

  /** Where the next fetch starts; control records at the end count as read. */
  nextOffset(lane: KafkaLane, end: { low: number; high: number }): number {
    const { topic, start } = this.options
    const offsets = this.group?.offsetManager
    const known = offsets?.committedOffsets()[topic.address]?.[lane.partition]
    if (offsets === undefined || offsets === null || known === undefined || Number(known) < 0)
      return lane.position ?? (start === 'earliest' ? end.low : end.high)
    return Number(offsets.nextOffset(topic.address, lane.partition).toString())
  }

  async commit(commits: readonly LogCommit[]): Promise<void> {
    const { group } = this
    for (const { lane } of commits)
      if (group === undefined || !(lane as KafkaLane).owned)
        throw new SluiceError('SLU5204', { message: `${lane.id} is no longer ours` })
    const partitions = commits.map(({ lane, next, note }) => ({
      partition: lane.partition,
      offset: String(next),
      metadata: note,
    }))
    try {
      const answer = group?.commitOffsets({
        topics: [{ topic: this.options.topic.address, partitions }],
      })
      await this.answered(answer)
    } catch (error) {
      throw kafkaError(error, `committing ${this.options.topic.address}`)
    }
  }

  /** A commit on a connection that is gone may never settle: it ends with the tenure, or after a bound. */
  private answered(answer: Promise<void> | undefined): Promise<void> {
    const { tenure } = this
    return new Promise((resolve, reject) => {
      const gone = () =>
        settle(() =>
          reject(new SluiceError('SLU5204', { message: 'the lanes were lost meanwhile' })),
        )
      const late = () =>
        settle(() =>
          reject(new SluiceError('SLU5202', { message: `no answer within ${COMMIT_MS} ms` })),
        )
      const timer = this.context.world.clock.after(COMMIT_MS, late, { keepAlive: true })
      const settle = (how: () => void) => {
        timer.cancel()
        tenure.signal.removeEventListener('abort', gone)
        how()
      }
      tenure.signal.addEventListener('abort', gone, { once: true })
      Promise.resolve(answer).then(
        () => settle(resolve),
        (error: unknown) => settle(() => reject(error as Error)),
      )
    })
  }

  // ---------------------------------------------------------------- joining and leaving

  async beforeJoin(group: ConsumerGroup): Promise<void> {
    if (this.lanes.length === 0 && this.revoking === undefined) return
    if (group.memberId === null || group.memberId === '') {
      this.lose()
      return
    }
    this.context.log.info(
      { topic: this.options.topic.name, partitions: this.lanes.length },
      'The group rebalances; work in flight is drained first.',
    )
    const drained = this.drain()
    const done = drained.then(() => true)
    // An answer of REBALANCE_IN_PROGRESS keeps the session as any other heartbeat does.
    while (await this.beat(group)) {
      const tick = this.context.world.clock.sleep(HEARTBEAT_MS).then(() => false)
      if (await Promise.race([done, tick])) return
    }
    this.lose()
  }

  async afterJoin(group: ConsumerGroup): Promise<void> {
    const at = systemClock.monotonic()
    const { topic, group: groupId } = this.options
    const partitions =
      group.assigned().find((entry) => entry.topic === topic.address)?.partitions ?? []
    const stored = await this.storedOffsets(group, groupId, partitions)
    this.group = group
    this.heard(at)
    this.joined = true
    if (this.leaving !== undefined) return
    const now = this.context.world.clock.monotonic()
    const grants = partitions.map((partition): LaneGrant & { lane: KafkaLane } => {
      const offset = stored.get(partition)
      const lane = new KafkaLane(`${topic.name}/${partition}`, partition, now, () =>
        this.heardLately(),
      )
      return { lane, committed: offset?.next ?? null, note: offset?.note ?? '' }
    })
    this.lanes = grants.map(({ lane }) => lane)
    this.intake?.granted(grants)
  }

  /** Gives up everything in good order, once and for all. */
  leave(): void {
    this.leaving ??= this.drain()
  }

  /** The lanes are gone already. */
  lose(): void {
    const { lanes } = this
    this.tenure.abort()
    this.tenure = new AbortController()
    this.lanes = []
    this.group = undefined
    this.joined = false
    if (lanes.length === 0) return
    for (const lane of lanes) lane.owned = false
    this.intake?.lost(lanes)
  }

  /** Work in flight is settled and committed when it resolves. Whoever asks meanwhile waits for the same. */
  private drain(): Promise<void> {
    this.revoking ??= (async () => {
      const { lanes } = this
      await this.intake?.revoke(lanes)
      for (const lane of lanes) lane.owned = false
      this.lanes = this.lanes.filter((lane) => !lanes.includes(lane))
      this.revoking = undefined
    })()
    return this.revoking
  }

  /** False when the group goes on without us. */
  private async beat(group: ConsumerGroup): Promise<boolean> {
    const at = systemClock.monotonic()
    const { groupId, memberId, generationId } = group
    try {
      await group.coordinator.heartbeat({
        groupId,
        memberId: memberId ?? '',
        groupGenerationId: generationId,
      })
      this.heard(at)
    } catch (error) {
      const { type } = rootCause(error)
      if (type !== undefined && GONE.has(type)) return false
      if (type === 'REBALANCE_IN_PROGRESS') this.heard(at)
    }
    return true
  }

  private heardLately(): boolean {
    return systemClock.monotonic() - this.heardAt < FENCE_MS
  }

  private async storedOffsets(
    group: ConsumerGroup,
    groupId: string,
    partitions: readonly number[],
  ) {
    const topic = this.options.topic.address
    const { responses } = await group.coordinator.offsetFetch({
      groupId,
      topics: [{ topic, partitions: partitions.map((partition) => ({ partition })) }],
    })
    const stored = new Map<number, { next: number; note: string }>()
    for (const entry of responses.flatMap((response) => response.partitions))
      if (Number(entry.offset) >= 0)
        stored.set(entry.partition, { next: Number(entry.offset), note: entry.metadata ?? '' })
    return stored
  }
}
