// Asks and tells Kafka about topics; creates what is missing and changes nothing that exists.
import type { Admin } from 'kafkajs'
import type { Clock } from '../../../core/clock.ts'
import type { Topic } from '../../../core/contract.ts'
import { typeOf } from '../errors.ts'
import { topicConfig } from '../topic-config.ts'

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
    await whenLed(admin, topic, clock)
  }
  return created
}

const LOOK_MS = 50
/** Whoever creates topics waits no longer by itself. */
const LOOKS = 400

/** The client's own wait takes "there is no such topic", the answer of a broker that has not heard of it yet, for a failure. */
async function whenLed(admin: Admin, { address }: Topic, clock: Clock): Promise<void> {
  for (let looks = 1; !(await isLed(admin, address)) && looks < LOOKS; looks++)
    await clock.sleep(LOOK_MS)
}

async function isLed(admin: Admin, address: string): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [address] })
    return topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))
  } catch (error) {
    const type = typeOf(error)
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE') return false
    throw error
  }
}

/** False when it came to exist meanwhile. */
function create(admin: Admin, topic: Topic): Promise<boolean> {
  const configEntries = Object.entries(topicConfig(topic)).map(([name, value]) => ({ name, value }))
  const { address, partitions, replication } = topic
  return admin.createTopics({
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
