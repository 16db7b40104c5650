// Where a group reads on in the partitions it was just given; a group that starts at the end has that place written down at once.
import type { LogSourceOptions } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Edge, Group, Start } from './client.ts'

/** Committed after an offset turned out to be out of range: go on at the earliest. */
export const EARLIEST = -2

/**
 * With `start: latest` the end is committed before anything is read: otherwise a crash before the first
 * commit would move the start to a later end, past messages that nobody has seen.
 */
export async function findStarts(
  group: Group,
  { topic: { address: topic }, start }: LogSourceOptions,
  partitions: readonly number[],
): Promise<Start[]> {
  if (partitions.length === 0) return []
  const committed = await group.stored(partitions)
  const stored = new Map(committed.map((place) => [place.partition, place]))
  const missing = partitions.filter((partition) => (stored.get(partition)?.next ?? -1) < 0)
  const atEnd = missing.filter(
    (partition) => start === 'latest' && stored.get(partition)?.next !== EARLIEST,
  )
  const lows = await edges(group, difference(missing, atEnd), 'earliest')
  const ends = await edges(group, atEnd, 'latest')
  if (ends.size > 0)
    await group.commit([...ends].map(([partition, next]) => ({ partition, next, note: '' })))
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
  group.readFrom(starts)
  return starts
}

const edges = (group: Group, partitions: readonly number[], edge: Edge) =>
  partitions.length === 0
    ? Promise.resolve(new Map<number, number>())
    : group.edges(partitions, edge)

const difference = (all: readonly number[], some: readonly number[]) =>
  all.filter((each) => !some.includes(each))
