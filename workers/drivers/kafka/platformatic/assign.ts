// Who reads what: the protocol that kafkajs speaks under the same name, so that members of both clients share one group.
import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
} from '@platformatic/kafka'

export const PROTOCOL = 'RoundRobinAssigner'
const VERSION = 0

export interface Member {
  readonly memberId: string
  readonly topics: readonly string[]
}

export const subscription = (topic: string): Buffer =>
  encodeConsumerProtocolSubscription({ version: VERSION, topics: [topic] })

export const subscribed = (metadata: Buffer): string[] =>
  decodeConsumerProtocolSubscription(metadata).topics

/** Partitions of the topic. An empty assignment is none at all. */
export function partitionsIn(assignment: Buffer, topic: string): number[] {
  if (assignment.length === 0) return []
  const { assignedPartitions } = decodeConsumerProtocolAssignment(assignment)
  return assignedPartitions.find((entry) => entry.topic === topic)?.partitions ?? []
}

/** Each partition to the next member that wants its topic, round and round; by member id. */
export function assign(
  members: readonly Member[],
  partitionsOf: ReadonlyMap<string, number>,
): Map<string, Buffer> {
  const sorted = members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const given = new Map(sorted.map(({ memberId }) => [memberId, new Map<string, number[]>()]))
  let turn = 0
  for (const [topic, count] of [...partitionsOf].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const takers = sorted.filter(({ topics }) => topics.includes(topic))
    for (let partition = 0; partition < count && takers.length > 0; partition++) {
      const { memberId } = takers[turn++ % takers.length] as Member
      const its = given.get(memberId) as Map<string, number[]>
      its.set(topic, [...(its.get(topic) ?? []), partition])
    }
  }
  return new Map([...given].map(([memberId, its]) => [memberId, encodeAssignment(its)]))
}

function encodeAssignment(its: ReadonlyMap<string, number[]>): Buffer {
  const assignedPartitions = [...its].map(([topic, partitions]) => ({ topic, partitions }))
  return encodeConsumerProtocolAssignment({ version: VERSION, assignedPartitions })
}
