// Asks and tells Kafka about topics; creates what is missing and changes nothing that exists.
import type { Admin } from 'kafkajs'
import type { Clock } from '../../../core/clock.ts'
import type { Topic } from '../../../core/contract.ts'
import { topicConfig } from '../topic-config.ts'
import { untilLed } from '../until-led.ts'

/** Returns the addresses created; what somebody else creates at the same time is not among them. */
export async function ensureTopics(
  admin: Admin,
  topics: readonly Topic[],
  clock: Clock,
): Promise<string[]> {
  const existing = new Set(await admin.listTopics())
  const created: string[] = []
  for (const topic of topics) {
    if (existing.has(topic.address)) continue
    if (await create(admin, topic)) created.push(topic.address)
    await untilLed(() => leadersOf(admin, topic.address), clock)
  }
  return created
}

async function leadersOf(admin: Admin, address: string): Promise<number[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [address] })
  return topics.flatMap(({ partitions }) => partitions.map(({ leader }) => leader))
}

/** False when it came to exist meanwhile. */
function create(admin: Admin, topic: Topic): Promise<boolean> {
  const configEntries = Object.entries(topicConfig(topic)).map(([name, value]) => ({ name, value }))
  const { address, partitions, replication } = topic
  return admin.createTopics({
    // The client's own wait takes "there is no such topic", the answer of a broker that has not heard of it yet, for a failure.
    waitForLeaders: false,
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
