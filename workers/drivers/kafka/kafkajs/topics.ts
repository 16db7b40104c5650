// Asks and tells Kafka about topics; creates what is missing and changes nothing that exists.
import type { Admin } from 'kafkajs'
import type { Topic } from '../../../core/contract.ts'
import { topicConfig } from '../topic-config.ts'

/** Returns the addresses created; what somebody else creates at the same time is not among them. */
export async function ensureTopics(admin: Admin, topics: readonly Topic[]): Promise<string[]> {
  const existing = new Set(await admin.listTopics())
  const created: string[] = []
  for (const topic of topics)
    if (!existing.has(topic.address) && (await create(admin, topic))) created.push(topic.address)
  return created
}

/** False when it came to exist meanwhile. */
function create(admin: Admin, topic: Topic): Promise<boolean> {
  const configEntries = Object.entries(topicConfig(topic)).map(([name, value]) => ({ name, value }))
  const { address, partitions, replication } = topic
  return admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic: address,
        numPartitions: partitions,
        // -1: as many replicas as the cluster's own default says.
        replicationFactor: replication ?? -1,
        configEntries,
      },
    ],
  })
}

/** The offset behind the last message, by partition. */
export async function endsOf(admin: Admin, address: string): Promise<Map<number, number>> {
  const offsets = await admin.fetchTopicOffsets(address)
  return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
}
