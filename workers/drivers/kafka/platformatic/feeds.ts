// Keeps each lane fed: fetches on while one batch is handed over and the next one waits, from all partitions of a leader at once.
import type { ConnectionPool } from '@platformatic/kafka'
import { EARLIEST } from '../group-offsets.ts'
import type { ConsumerParts, FedLane, Fetched, Group } from '../client.ts'
import { SluiceError } from '../../../core/errors.ts'
import { isUnanswered, kafkaError, typeOf } from '../errors.ts'
import { PARTITION_BYTES, WAIT_MS } from '../session.ts'
import { answeredBy } from './answers.ts'
import { MOVED } from '../where-it-lives.ts'
import type { Cluster } from './cluster.ts'
import { pageIn } from './records.ts'
import { fetchFrom, type FetchedPartitions } from './reading.ts'

/** Of one answer for all partitions of a leader. */
const FETCH_BYTES = 10 * 1024 * 1024
/** Batches of a lane that are there at once: one is handed over, the other one waits. */
const BATCHES = 2
const AGAIN_MS = 200
/** In a row; as many pauses are about a session. */
const FAILURES = 25
/** Other than where the partition lives: what may pass. */
const PASSING = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'KAFKA_STORAGE_ERROR'])

interface Feed {
  readonly lane: FedLane
  /** The next offset to ask for. */
  at: number
  readonly batches: Fetched[]
}

export class Feeds {
  private readonly parts: ConsumerParts
  private readonly cluster: Cluster
  private readonly group: Group
  private readonly pool: ConnectionPool
  private readonly topic: string
  private feeds: readonly Feed[] = []
  /** Leaders that are being asked. */
  private readonly asked = new Set<number>()
  private failures = 0
  private pausing = false

  constructor(parts: ConsumerParts, cluster: Cluster, group: Group) {
    this.parts = parts
    this.cluster = cluster
    this.group = group
    this.pool = cluster.pool()
    this.topic = parts.options.topic.address
  }

  /** Feeds the lanes that the member holds now, and forgets all others. */
  renew(): void {
    this.feeds = this.parts.seat.lanes.map((lane) => ({ lane, at: lane.position, batches: [] }))
    void this.fetchOn()
  }

  // ---------------------------------------------------------------- fetching

  /** Never rejects. */
  private async fetchOn(): Promise<void> {
    const hungry = this.feeds.filter(({ lane, batches }) => lane.owned && batches.length < BATCHES)
    if (hungry.length === 0 || this.pausing || this.parts.over.aborted) return
    try {
      const { leaders } = await this.cluster.topic(this.topic)
      const byLeader = Map.groupBy(hungry, ({ lane }) => leaders[lane.partition] ?? -1)
      if (byLeader.has(-1)) throw answeredBy(LEADER_NOT_AVAILABLE)
      for (const [leader, feeds] of byLeader)
        if (!this.asked.has(leader)) void this.fetch(leader, feeds)
    } catch (error) {
      await this.recover(error)
    }
  }

  /** Never rejects. */
  private async fetch(leader: number, feeds: readonly Feed[]): Promise<void> {
    this.asked.add(leader)
    try {
      const answers = await this.ask(leader, feeds)
      this.parts.seat.sign()
      for (const answer of answers) {
        const feed = feeds.find(({ lane }) => lane.partition === answer.partitionIndex)
        if (feed !== undefined && this.feeds.includes(feed)) await this.take(feed, answer)
      }
      this.failures = 0
      this.asked.delete(leader)
    } catch (error) {
      this.asked.delete(leader)
      return this.recover(error)
    }
    void this.fetchOn()
  }

  private async ask(leader: number, feeds: readonly Feed[]): Promise<FetchedPartitions> {
    const known = await this.cluster.topic(this.topic)
    return fetchFrom(
      this.cluster,
      await this.cluster.node(leader, this.pool),
      { address: this.topic, known },
      feeds.map(({ lane: { partition }, at }) => ({ partition, from: at })),
      { waitMs: WAIT_MS, bytes: FETCH_BYTES, partitionBytes: PARTITION_BYTES },
    )
  }

  private async take(feed: Feed, answer: FetchedPartitions[number]): Promise<void> {
    const { lane } = feed
    const refused = answer.errorCode === 0 ? undefined : answeredBy(answer.errorCode)
    if (refused?.type === 'OFFSET_OUT_OF_RANGE') return this.goElsewhere(feed)
    if (refused !== undefined) throw refused
    const now = this.parts.context.world.clock.monotonic()
    const { messages, next } = pageIn(answer, feed.at)
    // Behind it are messages of transactions that are not over.
    lane.fetched(Number(answer.lastStableOffset), now)
    if (next === undefined || next === feed.at) return
    feed.batches.push({ lane, from: feed.at, messages, next })
    feed.at = next
    if (feed.batches.length === 1) void this.handOver(feed)
  }

  /** What was to be read was dropped: reading goes on behind it. When the log became shorter, everything that is left is read, by another consumer. */
  private async goElsewhere(feed: Feed): Promise<void> {
    const { lane } = feed
    const low =
      (await this.group.edges([lane.partition], 'earliest')).get(lane.partition) ?? feed.at
    if (low > feed.at) {
      feed.at = low
      return
    }
    await this.group.commit([{ partition: lane.partition, next: EARLIEST, note: '' }])
    throw new SluiceError('SLU5206', {
      message: `${lane.id} went back from offset ${feed.at} to ${low}`,
    })
  }

  /** Looks where the partitions live, and fetches on. Never rejects. */
  private async recover(thrown: unknown): Promise<void> {
    const { failed, context, over } = this.parts
    const type = typeOf(thrown) ?? ''
    const passes =
      MOVED.has(type) || PASSING.has(type) || isUnanswered(kafkaError(thrown, 'fetching'))
    if (!passes || ++this.failures > FAILURES) return failed(thrown)
    if (this.pausing) return
    this.pausing = true
    context.log.debug({ err: thrown, topic: this.topic }, 'A fetch failed; it is repeated.')
    await context.world.clock.sleep(AGAIN_MS, over)
    // Whatever it says: the next fetch says more.
    if (!over.aborted) await this.cluster.refresh(this.topic).catch(() => {})
    this.pausing = false
    void this.fetchOn()
  }

  // ---------------------------------------------------------------- handing over

  /** One batch after the other. Never rejects. */
  private async handOver({ lane, batches }: Feed): Promise<void> {
    try {
      for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
        await this.parts.handOver(batch)
        batches.shift()
        if (!lane.owned || this.parts.over.aborted) return
        void this.fetchOn()
      }
    } catch (error) {
      this.parts.failed(error)
    }
  }
}

const LEADER_NOT_AVAILABLE = 5
