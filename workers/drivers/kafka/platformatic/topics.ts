// Creates topics that are missing, and changes nothing that exists.
import type { Clock } from '../../../core/clock.ts'
import type { Topic } from '../../../core/contract.ts'
import { topicConfig } from '../topic-config.ts'
import { untilLed } from '../until-led.ts'
import { answeredBy } from './answers.ts'
import type { Cluster } from './cluster.ts'

/** For the brokers. */
const CREATE_MS = 10_000
const ALREADY_EXISTS = 36

/** Returns the addresses created; what somebody else creates at the same time is not among them. */
export async function ensureTopics(
  cluster: Cluster,
  topics: readonly Topic[],
  clock: Clock,
): Promise<string[]> {
  const existing = new Set(await cluster.names())
  const created: string[] = []
  for (const topic of topics) {
    if (existing.has(topic.address)) continue
    if (await create(cluster, topic)) created.push(topic.address)
    await untilLed(async () => (await cluster.refresh(topic.address)).leaders, clock)
  }
  return created
}

/** False when it came to exist meanwhile. */
async function create(cluster: Cluster, topic: Topic): Promise<boolean> {
  const configs = Object.entries(topicConfig(topic)).map(([name, value]) => ({ name, value }))
  const { address, partitions, replication } = topic
  const wanted = {
    name: address,
    numPartitions: partitions,
    // -1: as many replicas as the cluster's own default says.
    replicationFactor: replication ?? -1,
    assignments: [],
    configs,
  }
  const { topics } = await cluster.askInParts(
    await cluster.controller(),
    'CreateTopics',
    [wanted],
    CREATE_MS,
    false,
  )
  const [{ errorCode } = { errorCode: 0 }] = topics
  if (errorCode === ALREADY_EXISTS) return false
  if (errorCode !== 0) throw answeredBy(errorCode)
  return true
}
