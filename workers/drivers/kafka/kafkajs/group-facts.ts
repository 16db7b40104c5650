// How far groups are behind on their topics, partition by partition; a group that has committed nothing is behind from where it would start.
import type { Admin } from 'kafkajs'
import type { GroupFacts, PartitionLag, WantedGroup } from '../../../core/facts.ts'

export async function groupFacts(
  admin: Admin,
  wanted: readonly WantedGroup[],
): Promise<GroupFacts[]> {
  if (wanted.length === 0) return []
  const [{ groups }, ...lags] = await Promise.all([
    admin.describeGroups(wanted.map(({ address }) => address)),
    ...wanted.map((group) => lagOf(admin, group)),
  ])
  const described = new Map(groups.map((group) => [group.groupId, group]))
  return wanted.map(({ name, address, topic }, nth) => {
    const { state = 'Dead', members = [] } = described.get(address) ?? {}
    const partitions = lags[nth] ?? []
    const lag = partitions.reduce((sum, one) => sum + one.lag, 0)
    return {
      name,
      address,
      topic: topic.name,
      state,
      members: members.length,
      partitions,
      lag,
    }
  })
}

async function lagOf(
  admin: Admin,
  { address, topic, start }: WantedGroup,
): Promise<PartitionLag[]> {
  const [ends, [stored]] = await Promise.all([
    admin.fetchTopicOffsets(topic.address),
    admin.fetchOffsets({ groupId: address, topics: [topic.address] }),
  ])
  const committedOf = new Map(
    (stored?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
  )
  return ends
    .map(({ partition, low, high }) => {
      const offset = committedOf.get(partition) ?? -1
      const end = Number(high)
      const edge = start === 'earliest' ? Number(low) : end
      // What was deleted meanwhile cannot be read any more.
      const next = offset < 0 ? edge : Math.max(offset, Number(low))
      const committed = offset < 0 ? null : offset
      return { partition, committed, end, lag: Math.max(0, end - next) }
    })
    .toSorted((a, b) => a.partition - b.partition)
}
