// Reads partitions where they live, outside of all groups; nothing on the broker counts it.
import type { Connection, ConnectionPool } from '@platformatic/kafka'
import { SluiceError } from '../../../core/errors.ts'
import type { Edge, Page, Reading } from '../client.ts'
import { FETCH_BYTES, FETCH_MS } from '../view.ts'
import { answeredBy } from './answers.ts'
import type { Answer } from './apis.ts'
import type { Cluster, KnownTopic } from './cluster.ts'
import { pageIn } from './records.ts'

/** Messages of transactions that are not over, or were given up, are not shown. */
const READ_COMMITTED = 1
/** How ListOffsets is asked for an edge instead of a time. */
const EDGE: Readonly<Record<Edge, bigint>> = { latest: -1n, earliest: -2n }
/** The last version of Fetch that knows topics by their names. */
const BY_NAME = 12

export interface Wanted {
  readonly partition: number
  readonly from: number
}

export interface FetchOptions {
  readonly waitMs: number
  readonly bytes: number
  readonly partitionBytes: number
}

export type FetchedPartitions = Answer<'Fetch'>['responses'][number]['partitions']

/** One answer of one broker about partitions that it leads. */
export async function fetchFrom(
  cluster: Cluster,
  connection: Connection,
  topic: { readonly address: string; readonly known: KnownTopic },
  wanted: readonly Wanted[],
  { waitMs, bytes, partitionBytes }: FetchOptions,
): Promise<FetchedPartitions> {
  const { version } = await cluster.api('Fetch')
  const partitions = wanted.map(({ partition, from }) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(from),
    lastFetchedEpoch: -1,
    partitionMaxBytes: partitionBytes,
  }))
  const topicId = version <= BY_NAME ? topic.address : topic.known.id
  const NO_SESSION = [0, -1] as const
  const { errorCode, responses } = await cluster.askInParts(
    connection,
    'Fetch',
    waitMs,
    1,
    bytes,
    READ_COMMITTED,
    ...NO_SESSION,
    [{ topicId, partitions }],
    [],
    '',
  )
  if (errorCode !== 0 && errorCode !== undefined) throw answeredBy(errorCode)
  return responses.flatMap((response) => response.partitions)
}

export function edgesOf(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  edge: Edge,
): Promise<Map<number, number>> {
  return cluster.whereItLives(topic, () => askEdges(cluster, topic, partitions, edge))
}

async function askEdges(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  edge: Edge,
): Promise<Map<number, number>> {
  const { leaders } = await cluster.topic(topic)
  const byLeader = Map.groupBy(partitions, (partition) => leaders[partition] ?? -1)
  const parts = await Promise.all(
    [...byLeader].map(async ([leader, its]) => {
      if (leader < 0) throw answeredBy(LEADER_NOT_AVAILABLE)
      const asked = its.map((partitionIndex) => ({
        partitionIndex,
        currentLeaderEpoch: -1,
        timestamp: EDGE[edge],
      }))
      const { topics } = await cluster.ask(
        await cluster.node(leader),
        'ListOffsets',
        -1,
        READ_COMMITTED,
        [{ name: topic, partitions: asked }],
      )
      return topics.flatMap((answer) => answer.partitions)
    }),
  )
  return new Map(parts.flat().map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]))
}

const LEADER_NOT_AVAILABLE = 5

export class TopicReading implements Reading {
  private readonly cluster: Cluster
  private readonly pool: ConnectionPool

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.pool = cluster.pool()
  }

  async partitions(topic: string): Promise<readonly number[]> {
    const { leaders } = await this.cluster.topic(topic)
    return [...leaders.keys()]
  }

  async refresh(topic: string): Promise<void> {
    await this.cluster.refresh(topic)
  }

  edges(topic: string, partitions: readonly number[], edge: Edge): Promise<Map<number, number>> {
    return edgesOf(this.cluster, topic, partitions, edge)
  }

  async fetch(address: string, partition: number, from: number): Promise<Page> {
    const known = await this.cluster.topic(address)
    const leader = known.leaders[partition] ?? -1
    if (leader < 0)
      throw new SluiceError('SLU5201', { message: `${address}/${partition} has no leader` })
    const connection = await this.cluster.node(leader, this.pool)
    const options = { waitMs: FETCH_MS, bytes: FETCH_BYTES, partitionBytes: FETCH_BYTES }
    const wanted = [{ partition, from }]
    const [answer] = await fetchFrom(this.cluster, connection, { address, known }, wanted, options)
    if (answer === undefined) return { messages: [], next: undefined }
    if (answer.errorCode !== 0) throw answeredBy(answer.errorCode)
    return pageIn(answer, from)
  }
}
