// Asks and tells Kafka about topics; creates what is missing and changes nothing that exists.
import type { Admin } from 'kafkajs'
import type { Topic } from '../../core/contract.ts'

/** Kafka's own default for message.max.bytes. */
const DEFAULT_MAX_BYTES = 1_048_588

/** Returns the addresses created; what somebody else creates at the same time is not among them. */
export async function ensureTopics(admin: Admin, topics: readonly Topic[]): Promise<string[]> {
  const existing = new Set(await admin.listTopics())
  const created: string[] = []
  for (const topic of topics)
    if (!existing.has(topic.address) && (await create(admin, topic))) created.push(topic.address)
  return created
}

/** False when it came to exist meanwhile. */
function create(admin: Admin, { address, partitions, maxBytes }: Topic): Promise<boolean> {
  const configEntries =
    maxBytes === DEFAULT_MAX_BYTES ? [] : [{ name: 'max.message.bytes', value: String(maxBytes) }]
  return admin.createTopics({
    waitForLeaders: true,
    topics: [
      // -1: as many replicas as the cluster's own default says.
      { topic: address, numPartitions: partitions, replicationFactor: -1, configEntries },
    ],
  })
}

/** The offset behind the last message, by partition. */
export async function endsOf(admin: Admin, address: string): Promise<Map<number, number>> {
  const offsets = await admin.fetchTopicOffsets(address)
  return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
}
