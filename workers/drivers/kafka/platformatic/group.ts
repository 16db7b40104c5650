// One member of a consumer group, in Kafka's classic protocol; joins, beats and commits when it is told to, and never by itself.
import type { Connection, ConnectionPool } from '@platformatic/kafka'
import type { LogSourceOptions } from '../../../core/contract.ts'
import { isUnanswered, kafkaError, typeOf } from '../errors.ts'
import type { Committed, Edge, Group } from '../client.ts'
import { REBALANCE_MS, SESSION_MS } from '../session.ts'
import { Answered, Unanswered } from './answers.ts'
import type { Answer } from './apis.ts'
import { assign, partitionsIn, PROTOCOL, subscribed, subscription } from './assign.ts'
import type { Cluster } from './cluster.ts'
import { edgesOf } from './reading.ts'

const TYPE = 'consumer'
const KEY_IS_GROUP = 0
/** The answer to a join waits for all other members. */
const JOIN_MS = REBALANCE_MS + 2 * SESSION_MS
const AGAIN_MS = 200
/** The coordinator is elsewhere, or not there yet. */
const LOOK_ELSEWHERE = new Set([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
])

export interface MemberParts {
  readonly cluster: Cluster
  readonly options: LogSourceOptions
  /** Aborted when the consumer is over: it joins no more. */
  readonly over: AbortSignal
}

export class Member implements Group {
  private readonly parts: MemberParts
  private readonly topic: string
  private readonly groupId: string
  /** A join is answered late, and what is asked behind it on the same connection even later. */
  private readonly joins: ConnectionPool
  private coordinator: number | undefined
  private memberId = ''
  private generation = -1
  private partitions: readonly number[] = []

  constructor(parts: MemberParts) {
    this.parts = parts
    this.topic = parts.options.topic.address
    this.groupId = parts.options.group
    this.joins = parts.cluster.pool(JOIN_MS)
  }

  known(): boolean {
    return this.memberId !== ''
  }

  assigned(): readonly number[] {
    return this.partitions
  }

  async heartbeat(): Promise<void> {
    const { groupId, generation, memberId } = this
    await this.atCoordinator((connection) =>
      this.parts.cluster.ask(connection, 'Heartbeat', groupId, generation, memberId, null),
    )
  }

  async findCoordinator(): Promise<void> {
    const { cluster } = this.parts
    this.coordinator = undefined
    const found = await cluster.ask(await cluster.anyNode(), 'FindCoordinator', KEY_IS_GROUP, [
      this.groupId,
    ])
    // Before version 4 there was one answer, and that in its place.
    const { nodeId } =
      found.coordinators.find(({ key }) => key === this.groupId) ?? found.coordinators[0] ?? {}
    if (nodeId === undefined) throw new Unanswered('the coordinator of the group was not named')
    // It may be a broker that was not there before.
    await cluster.connect()
    this.coordinator = nodeId
  }

  async stored(partitions: readonly number[]): Promise<Committed[]> {
    const { groupId } = this
    const topics = [{ name: this.topic, partitionIndexes: [...partitions] }]
    const answer = await this.atCoordinator((connection) =>
      this.parts.cluster.ask(
        connection,
        'OffsetFetch',
        [{ groupId, memberId: null, memberEpoch: -1, topics }],
        false,
      ),
    )
    // Before version 8 there was one group, and that without a name.
    const groups = answer.groups ?? [answer as unknown as (typeof answer)['groups'][number]]
    return groups
      .flatMap((group) => group.topics)
      .flatMap((topic) => topic.partitions)
      .map(({ partitionIndex, committedOffset, metadata }) => ({
        partition: partitionIndex,
        next: Number(committedOffset),
        note: metadata ?? '',
      }))
  }

  edges(partitions: readonly number[], edge: Edge): Promise<Map<number, number>> {
    return edgesOf(this.parts.cluster, this.topic, partitions, edge)
  }

  async commit(places: readonly Committed[]): Promise<void> {
    const { groupId, generation, memberId } = this
    const partitions = places.map(({ partition, next, note }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(next),
      committedLeaderEpoch: -1,
      committedMetadata: note,
    }))
    await this.atCoordinator((connection) =>
      this.parts.cluster.ask(connection, 'OffsetCommit', groupId, generation, memberId, null, [
        { name: this.topic, partitions },
      ]),
    )
  }

  /** Each lane says where it is read from. */
  readFrom(): void {}

  /** Rejects only when it can never succeed, or nobody wants it any more. */
  async join(): Promise<void> {
    const { cluster, over } = this.parts
    while (!over.aborted) {
      try {
        await this.joinOnce()
        return
      } catch (error) {
        if (await this.isPassing(error)) await cluster.pause(AGAIN_MS)
      }
    }
    throw new Unanswered('the consumer is over')
  }

  /** While a join is under way, too: it waits on another connection. */
  async leave(): Promise<void> {
    const { groupId, memberId } = this
    if (memberId === '') return
    this.memberId = ''
    await this.atCoordinator((connection) =>
      this.parts.cluster.ask(connection, 'LeaveGroup', groupId, [{ memberId }]),
    )
  }

  /** The group does not know us any more. */
  forget(): void {
    this.memberId = ''
  }

  // ---------------------------------------------------------------- inside

  private async joinOnce(): Promise<void> {
    const { cluster } = this.parts
    const connection = await cluster.node(await this.coordinatorNode(), this.joins)
    const joined = await cluster.ask(
      connection,
      'JoinGroup',
      this.groupId,
      SESSION_MS,
      REBALANCE_MS,
      this.memberId,
      null,
      TYPE,
      [{ name: PROTOCOL, metadata: subscription(this.topic) }],
      null,
    )
    this.memberId = joined.memberId
    const isLeader = joined.leader === joined.memberId
    const synced = await cluster.ask(
      connection,
      'SyncGroup',
      this.groupId,
      joined.generationId,
      joined.memberId,
      null,
      TYPE,
      joined.protocolName,
      isLeader ? await this.assignments(joined) : [],
    )
    this.generation = joined.generationId
    this.partitions = partitionsIn(synced.assignment, this.topic)
  }

  private async assignments({ members }: Answer<'JoinGroup'>) {
    const { cluster } = this.parts
    const all = members.map(({ memberId, metadata }) => ({
      memberId,
      topics: subscribed(metadata),
    }))
    const names = new Set(all.flatMap(({ topics }) => topics))
    // Partitions may have been added: this is when the group learns of them.
    const counts = await Promise.all(
      [...names].map(async (name) => [name, (await cluster.refresh(name)).leaders.length] as const),
    )
    return [...assign(all, new Map(counts))].map(([memberId, assignment]) => ({
      memberId,
      assignment,
    }))
  }

  /** What another try may mend. Resolves with whether it should wait a little; rejects with what nothing mends. */
  private async isPassing(thrown: unknown): Promise<boolean> {
    const type = typeOf(thrown)
    if (
      thrown instanceof Answered &&
      type === 'MEMBER_ID_REQUIRED' &&
      thrown.memberId !== undefined
    ) {
      this.memberId = thrown.memberId
      return false
    }
    if (type === 'UNKNOWN_MEMBER_ID') this.forget()
    else if (LOOK_ELSEWHERE.has(type ?? '') || isUnanswered(kafkaError(thrown, 'joining')))
      this.coordinator = undefined
    else if (type !== 'REBALANCE_IN_PROGRESS' && type !== 'ILLEGAL_GENERATION') throw thrown
    return true
  }

  private async coordinatorNode(): Promise<number> {
    if (this.coordinator === undefined) await this.findCoordinator()
    return this.coordinator as number
  }

  private async atCoordinator<T>(ask: (connection: Connection) => Promise<T>): Promise<T> {
    return ask(await this.parts.cluster.node(await this.coordinatorNode()))
  }
}
