// A member of an embedded group: feeds the intake from memory in batches, woken by appends and by room, never by polling.
import type { World } from '../../core/clock.ts'
import type {
  Intake,
  Lane,
  LaneGrant,
  LogCommit,
  LogSource,
  LogSourceOptions,
} from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { EmbeddedTopic, EmbeddedTopics, Group, Member, Partition } from './topics.ts'

const BATCH = 500

class EmbeddedLane implements Lane {
  readonly id: string
  readonly partition: number
  readonly log: Partition
  position: number
  owned = true
  feeding = false
  movedAt: number

  constructor(id: string, partition: number, log: Partition, position: number, now: number) {
    this.id = id
    this.partition = partition
    this.log = log
    this.position = position
    this.movedAt = now
  }

  live(): boolean {
    return this.owned
  }
}

export class EmbeddedLogSource implements LogSource, Member {
  private readonly options: LogSourceOptions
  private readonly topics: EmbeddedTopics
  private readonly world: World
  private lanes: EmbeddedLane[] = []
  private intake: Intake | undefined
  private group: Group | undefined
  private unwatch: () => void = () => {}
  private wakeSoon = false

  constructor(options: LogSourceOptions, topics: EmbeddedTopics, world: World) {
    this.options = options
    this.topics = topics
    this.world = world
  }

  async start(intake: Intake): Promise<void> {
    const { topic, group } = this.options
    const stored = this.topics.get(topic.address)
    if (stored === undefined)
      throw new SluiceError('SLU5205', { message: `topic ${topic.address} does not exist` })
    this.intake = intake
    this.unwatch = stored.watch(() => this.wake())
    this.group = this.topics.group(group, topic.address)
    await this.group.join(this)
  }

  async stop(): Promise<void> {
    const { group } = this
    if (group === undefined) return
    this.group = undefined
    await group.leave(this)
    this.unwatch()
  }

  /** Gone without draining, as a process that was killed or lost its session: for simulation and tests. */
  async crash(): Promise<void> {
    const { group, lanes } = this
    if (group === undefined) return
    this.group = undefined
    this.lanes = []
    for (const lane of lanes) lane.owned = false
    this.intake?.lost(lanes)
    this.unwatch()
    await group.expire(this)
  }

  // oxlint-disable-next-line require-await -- the port is asynchronous
  async commit(commits: readonly LogCommit[]): Promise<void> {
    for (const { lane } of commits)
      if (!this.lanes.includes(lane as EmbeddedLane) || !lane.live())
        throw new SluiceError('SLU5204', { message: `${lane.id} is no longer ours` })
    const { topic, group } = this.options
    const { offsets } = this.topics.group(group, topic.address)
    for (const { lane, next, note } of commits) offsets.set(lane.partition, { next, note })
  }

  backlog(): Promise<number | undefined> {
    if (this.group === undefined && this.lanes.length === 0) return Promise.resolve(undefined)
    const left = this.lanes.reduce((sum, lane) => sum + lane.log.end - lane.position, 0)
    return Promise.resolve(left)
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    return new Map(
      this.lanes.map((lane) => [
        lane.id,
        { caughtUp: lane.position === lane.log.end, at: lane.movedAt },
      ]),
    )
  }

  async revoke(): Promise<void> {
    const { lanes } = this
    await this.intake?.revoke(lanes)
    for (const lane of lanes) lane.owned = false
    this.lanes = []
  }

  grant(partitions: readonly number[]): void {
    const { topic, group, start } = this.options
    const stored = this.topics.get(topic.address) as EmbeddedTopic
    const { offsets } = this.topics.group(group, topic.address)
    const grants = partitions.map((partition): LaneGrant & { lane: EmbeddedLane } => {
      const log = stored.partitions[partition] as Partition
      const offset = offsets.get(partition)
      const from = offset?.next ?? (start === 'earliest' ? 0 : log.end)
      const id = `${topic.name}/${partition}`
      const lane = new EmbeddedLane(id, partition, log, from, this.world.clock.monotonic())
      return { lane, committed: offset?.next ?? null, note: offset?.note ?? '' }
    })
    this.lanes = grants.map(({ lane }) => lane)
    this.intake?.granted(grants)
    this.wake()
  }

  /** Appends of one turn are fed together. */
  private wake(): void {
    if (this.wakeSoon) return
    this.wakeSoon = true
    queueMicrotask(() => {
      this.wakeSoon = false
      for (const lane of this.lanes) void this.feed(lane)
    })
  }

  private async feed(lane: EmbeddedLane): Promise<void> {
    const { intake } = this
    if (lane.feeding || intake === undefined) return
    lane.feeding = true
    try {
      while (lane.owned && lane.position < lane.log.end) {
        const batch = lane.log.messages.slice(lane.position, lane.position + BATCH)
        const taken = intake.offer(lane, batch, 0)
        lane.position += taken
        lane.movedAt = this.world.clock.monotonic()
        if (taken < batch.length) await intake.room()
        else await this.world.clock.sleep(0)
      }
    } finally {
      lane.feeding = false
    }
  }
}
