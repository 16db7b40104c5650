// Where a group reads on in the partitions it was just given; a group that starts at the end has that place written down at once.
import type { LogSourceOptions } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ConsumerGroup } from './internals.ts'

export interface Start {
  readonly partition: number
  /** The first offset to read. */
  readonly from: number
  /** Null when the group has committed nothing. */
  readonly committed: number | null
  readonly note: string
}

/** What kafkajs commits after an offset turned out to be out of range: go on at the earliest. */
const EARLIEST = -2

/**
 * With `start: latest` the end is committed before anything is read: otherwise a crash before the first
 * commit would move the start to a later end, past messages that nobody has seen.
 */
export async function findStarts(
  group: ConsumerGroup,
  { topic: { address: topic }, start }: LogSourceOptions,
  partitions: readonly number[],
): Promise<Start[]> {
  if (partitions.length === 0) return []
  const stored = await storedOffsets(group, topic, partitions)
  const missing = partitions.filter((partition) => (stored.get(partition)?.next ?? -1) < 0)
  const atEnd = missing.filter(
    (partition) => start === 'latest' && stored.get(partition)?.next !== EARLIEST,
  )
  const lows = await edges(group, topic, difference(missing, atEnd), true)
  const ends = await edges(group, topic, atEnd, false)
  if (ends.size > 0) await commitAll(group, topic, ends)
  const starts = partitions.map((partition): Start => {
    const low = lows.get(partition)
    if (low !== undefined) return { partition, from: low, committed: null, note: '' }
    const end = ends.get(partition)
    if (end !== undefined) return { partition, from: end, committed: end, note: '' }
    const { next = -1, note = '' } = stored.get(partition) ?? {}
    if (next < 0)
      throw new SluiceError('SLU5201', { message: `partition ${topic}/${partition} has no leader` })
    return { partition, from: next, committed: next, note }
  })
  fetchFrom(group, topic, starts)
  return starts
}

interface Stored {
  readonly next: number
  readonly note: string
}

async function storedOffsets(
  { coordinator, groupId }: ConsumerGroup,
  topic: string,
  partitions: readonly number[],
): Promise<Map<number, Stored>> {
  const { responses } = await coordinator.offsetFetch({
    groupId,
    topics: [{ topic, partitions: partitions.map((partition) => ({ partition })) }],
  })
  return new Map(
    responses
      .flatMap((response) => response.partitions)
      .map(({ partition, offset, metadata }) => [
        partition,
        { next: Number(offset), note: metadata ?? '' },
      ]),
  )
}

async function edges(
  { cluster }: ConsumerGroup,
  topic: string,
  partitions: readonly number[],
  fromBeginning: boolean,
): Promise<Map<number, number>> {
  if (partitions.length === 0) return new Map()
  const wanted = partitions.map((partition) => ({ partition }))
  const [answer] = await cluster.fetchTopicsOffset([{ topic, fromBeginning, partitions: wanted }])
  return new Map(
    (answer?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
  )
}

function commitAll(
  group: ConsumerGroup,
  topic: string,
  offsets: ReadonlyMap<number, number>,
): Promise<void> {
  const partitions = [...offsets].map(([partition, offset]) => ({
    partition,
    offset: String(offset),
    metadata: '',
  }))
  return group.commitOffsets({ topics: [{ topic, partitions }] })
}

/** kafkajs would ask for the same offsets once more, and might get other answers. */
function fetchFrom(
  { offsetManager }: ConsumerGroup,
  topic: string,
  starts: readonly Start[],
): void {
  const offsets = offsetManager?.committedOffsets()
  if (offsets === undefined) return
  offsets[topic] = {
    ...offsets[topic],
    ...Object.fromEntries(starts.map(({ partition, from }) => [partition, String(from)])),
  }
}

const difference = (all: readonly number[], some: readonly number[]) =>
  all.filter((each) => !some.includes(each))
