// A member of an embedded group: feeds the intake from memory in batches, woken by appends and by room, never by polling.
import type { Timer } from '../../core/clock.ts'
import type {
  DriverContext,
  Intake,
  LaneGrant,
  LogCommit,
  LogSource,
  LogSourceOptions,
} from '../../core/contract.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type { Group, Member } from './group.ts'
import { EmbeddedLane } from './log-lane.ts'
import type { Reach, Reader } from './reach.ts'
import type { Partition } from './topic.ts'
import type { EmbeddedTopics } from './topics.ts'

const BATCH = 500
/** As the Kafka driver has it: unheard of for so long, a member is dropped; a little earlier it starts nothing more. */
const SESSION_MS = 6_000
const FENCE_MS = SESSION_MS * 0.9
/** After a fault of the intake the same messages come again, but not at once. */
const FAULT_PAUSE_MS = 1_000

export class EmbeddedLogSource implements LogSource, Member, Reader {
  private readonly options: LogSourceOptions
  private readonly topics: EmbeddedTopics
  private readonly context: DriverContext
  private readonly reach: Reach
  private lanes: readonly EmbeddedLane[] = []
  private granted = false
  private intake: Intake | undefined
  private group: Group | undefined
  private unwatch: () => void = () => {}
  private wakeSoon = false
  private cutAt: number | undefined
  private session: Timer | undefined
  private draining:
    { readonly lanes: readonly EmbeddedLane[]; readonly done: Promise<void> } | undefined
  private ending: Promise<void> | undefined

  constructor(
    options: LogSourceOptions,
    topics: EmbeddedTopics,
    context: DriverContext,
    reach: Reach,
  ) {
    this.options = options
    this.topics = topics
    this.context = context
    this.reach = reach
  }

  start(intake: Intake): Promise<void> {
    if (this.ending !== undefined) return Promise.resolve()
    this.intake = intake
    this.reach.readers.add(this)
    if (!this.reach.gate.isOpen) this.cut()
    this.unwatch = this.topics.watchCreation(() => this.join())
    this.join()
    if (this.group === undefined && this.reach.gate.isOpen)
      this.context.log.warn(
        { topic: this.options.topic.name, code: 'SLU5205' },
        `Topic ${this.options.topic.address} does not exist; the source waits for it.`,
      )
    return Promise.resolve()
  }

  stop(): Promise<void> {
    this.ending ??= this.leaveInOrder()
    return this.ending
  }

  /** Gone without draining, as a process that was killed: for tests and simulation. */
  crash(): void {
    this.ending ??= Promise.resolve()
    this.lose()
    this.part()
  }

  /**
   * The group goes on without it, and it learns so: for tests and simulation. Of one that cannot be reached it would not learn; a
   * coordinator lets such a one go after a session, by when it has stopped by itself.
   */
  expel(): void {
    if (this.reach.gate.isOpen) this.group?.drop(this)
  }

  // oxlint-disable-next-line require-await -- the port is asynchronous
  async commit(commits: readonly LogCommit[]): Promise<void> {
    for (const { lane } of commits)
      if (!this.lanes.includes(lane as EmbeddedLane))
        throw new SluiceError('SLU5204', { message: `${lane.id} is no longer ours` })
    if (!this.reach.gate.isOpen)
      throw new SluiceError('SLU5201', { message: 'the embedded Kafka is away' })
    for (const { lane, next, note } of commits)
      this.group?.offsets.set(lane.partition, { next, note })
  }

  backlog(): Promise<number | undefined> {
    return Promise.resolve(
      this.granted ? this.lanes.reduce((sum, lane) => sum + lane.left, 0) : undefined,
    )
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    const now = this.now()
    return new Map(
      this.lanes.map((lane) => {
        const caughtUp = lane.left === 0
        return [lane.id, { caughtUp, at: caughtUp ? now : lane.movedAt }]
      }),
    )
  }

  // ---------------------------------------------------------------- membership

  async revoke(): Promise<void> {
    // Who cannot be reached hears of no rebalance.
    await this.reach.gate.whenOpen()
    await this.drain()
  }

  grant(partitions: readonly number[]): void {
    if (this.ending !== undefined) return
    const { topic } = this.options
    const heardLately = () => this.cutAt === undefined || this.now() - this.cutAt < FENCE_MS
    const grants = partitions.map((partition): LaneGrant & { lane: EmbeddedLane } => {
      const log = this.group?.topic.partitions[partition] as Partition
      const { from, committed, note } = this.startOf(partition, log)
      const id = `${topic.name}/${partition}`
      const lane = new EmbeddedLane(id, partition, log, from, this.now(), heardLately)
      return { lane, committed, note }
    })
    this.lanes = grants.map(({ lane }) => lane)
    this.granted = true
    this.intake?.granted(grants)
    this.wake()
  }

  dropped(): void {
    if (this.reach.gate.isOpen) this.joinAnew()
  }

  /** A group that starts at the end has that place written down at once: a crash must not move it. */
  private startOf(partition: number, log: Partition) {
    const offsets = this.group?.offsets
    const stored = offsets?.get(partition)
    if (stored !== undefined)
      return { from: Math.max(stored.next, log.start), committed: stored.next, note: stored.note }
    if (this.options.start === 'earliest') return { from: log.start, committed: null, note: '' }
    offsets?.set(partition, { next: log.end, note: '' })
    return { from: log.end, committed: log.end, note: '' }
  }

  private join(): void {
    const { topic, group } = this.options
    if (this.group !== undefined || this.ending !== undefined || !this.reach.gate.isOpen) return
    this.group = this.topics.group(group, topic.address)
    if (this.group === undefined) return
    this.unwatch()
    this.unwatch = this.group.topic.watch(() => this.wake())
    this.group.join(this)
  }

  private joinAnew(): void {
    this.lose()
    if (this.ending === undefined) this.group?.join(this)
  }

  private async leaveInOrder(): Promise<void> {
    await this.drain()
    this.part()
  }

  private part(): void {
    this.unwatch()
    this.session?.cancel()
    this.reach.readers.delete(this)
    this.group?.leave(this)
  }

  /** Work in flight is settled and committed when it resolves. Whoever asks meanwhile waits for the same. Never rejects. */
  private drain(): Promise<void> {
    const { lanes } = this
    if (this.draining?.lanes !== lanes) this.draining = { lanes, done: this.giveUp(lanes) }
    return this.draining.done
  }

  private async giveUp(lanes: readonly EmbeddedLane[]): Promise<void> {
    this.granted = false
    if (lanes.length === 0) return
    try {
      await this.intake?.revoke(lanes)
    } catch (error) {
      this.context.log.error({ err: error }, 'Lanes could not be drained; they are given up.')
      this.intake?.lost(lanes)
    }
    this.release(lanes)
  }

  private lose(): void {
    const { lanes } = this
    this.granted = false
    this.release(lanes)
    if (lanes.length > 0) this.intake?.lost(lanes)
  }

  private release(lanes: readonly EmbeddedLane[]): void {
    for (const lane of lanes) lane.owned = false
    this.lanes = this.lanes.filter((lane) => lane.owned)
  }

  // ---------------------------------------------------------------- the way to the broker

  cut(): void {
    this.cutAt = this.now()
    this.session = this.context.world.clock.after(SESSION_MS, () => this.group?.drop(this))
  }

  healed(): void {
    this.cutAt = undefined
    this.session?.cancel()
    if (this.group === undefined) this.join()
    else if (this.group.has(this)) this.wake()
    else this.joinAnew()
  }

  // ---------------------------------------------------------------- messages

  /** Appends of one turn are fed together. */
  private wake(): void {
    if (this.wakeSoon) return
    this.wakeSoon = true
    queueMicrotask(() => {
      this.wakeSoon = false
      for (const lane of this.lanes) if (!lane.feeding) void this.feed(lane)
    })
  }

  /** Never rejects. */
  private async feed(lane: EmbeddedLane): Promise<void> {
    const { clock } = this.context.world
    lane.feeding = true
    lane.movedAt = this.now()
    try {
      while (lane.owned && lane.left > 0 && this.reach.gate.isOpen) {
        const full = this.offer(lane)
        await (full ? this.intake?.room(lane) : clock.sleep(0))
      }
    } catch (thrown) {
      this.context.log.error({ err: asError(thrown), lane: lane.id }, 'The intake failed.')
      await clock.sleep(FAULT_PAUSE_MS)
      if (lane.owned) this.group?.drop(this)
    } finally {
      lane.feeding = false
    }
  }

  /** True when the intake has no room for more. */
  private offer(lane: EmbeddedLane): boolean {
    const batch = lane.log.read(lane.position, BATCH)
    const taken = this.intake?.offer(lane, batch, 0) ?? 0
    if (taken > 0) lane.movedAt = this.now()
    lane.position += taken
    return taken < batch.length
  }

  private now(): number {
    return this.context.world.clock.monotonic()
  }
}
