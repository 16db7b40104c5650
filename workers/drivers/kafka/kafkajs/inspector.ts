// Looks at a Kafka cluster: its brokers, the partitions of the fleet's topics, and how far its groups are behind. Joins no group and commits nothing.
import type { Admin } from 'kafkajs'
import type { DriverContext } from '../../../core/contract.ts'
import type { KafkaFacts, KafkaInspector, TopicFacts, WantedTopics } from '../../../core/facts.ts'
import { Inspection } from '../../../core/inspection.ts'
import { bounded } from '../bounded.ts'
import { createConnections } from './connections.ts'
import { away, kafkaError, nameOf } from '../errors.ts'
import { groupFacts } from './group-facts.ts'
import type { KafkaConfig } from '../index.ts'

/** Whoever asks is bounded by `look`; this only ends a request that nobody waits for any more. */
const REQUEST_MS = 15_000
const CLOSE_MS = 500

interface Connection {
  readonly client: ReturnType<typeof createConnections>
  readonly admin: Admin
}

export function createKafkaInspector(
  { brokers }: Pick<KafkaConfig, 'brokers'>,
  context: DriverContext,
): KafkaInspector {
  const place = { brokers, origin: context.origin }
  const target = nameOf(place)
  const { clock } = context.world
  const inspection = new Inspection<Connection>({
    clock,
    target,
    origin: context.origin,
    async open(signal) {
      const client = createConnections({ brokers, context, requestTimeout: REQUEST_MS, retries: 1 })
      signal.addEventListener('abort', () => client.destroy(), { once: true })
      const admin = client.kafka.admin({ retry: { retries: 1 } })
      try {
        await admin.connect()
        return { client, admin }
      } catch (thrown) {
        client.destroy()
        throw away(place, `is away: ${kafkaError(thrown, 'connecting').message}`, thrown)
      }
    },
    async shut({ client, admin }) {
      await bounded(admin.disconnect(), CLOSE_MS, clock)
      client.destroy()
    },
  })

  async function look({ admin }: Connection, wanted: WantedTopics): Promise<KafkaFacts> {
    const asked = clock.monotonic()
    const { brokers: found, controller, clusterId } = await admin.describeCluster()
    const latencyMs = clock.monotonic() - asked
    const topics = await topicFacts(admin, wanted.topics)
    const readable = new Map(topics.map((topic) => [topic.name, topic]))
    return {
      // Kafka tells its clients what it can do, and not which version it is.
      version: null,
      latencyMs,
      cluster: {
        id: clusterId,
        controller,
        brokers: found.map(({ nodeId, host, port }) => ({
          id: nodeId,
          address: `${host}:${port}`,
        })),
      },
      topics,
      groups: await groupFacts(
        admin,
        wanted.groups.filter(({ topic }) => {
          const { partitions = 0, leaderless = [] } = readable.get(topic.name) ?? {}
          // kafkajs asks for all partitions at once: one without a leader fails them all.
          return partitions > 0 && leaderless.length === 0
        }),
      ),
    }
  }

  return {
    target,
    driver: 'kafka',
    look: (wanted, withinMs) =>
      inspection.ask(withinMs, async (connection) => {
        try {
          return await look(connection, wanted)
        } catch (thrown) {
          throw kafkaError(thrown, `looking at ${target}`)
        }
      }),
    close: () => inspection.close(),
  }
}

async function topicFacts(admin: Admin, topics: WantedTopics['topics']): Promise<TopicFacts[]> {
  const existing = new Set(await admin.listTopics())
  const there = topics.map(({ address }) => address).filter((address) => existing.has(address))
  // Asking for no topic in particular would bring them all.
  const metadata =
    there.length === 0 ? [] : (await admin.fetchTopicMetadata({ topics: there })).topics
  const found = new Map(metadata.map(({ name, partitions }) => [name, partitions]))
  return topics.map(({ name, address }) => {
    const partitions = found.get(address) ?? []
    const numbers = (bad: (partition: (typeof partitions)[number]) => boolean) =>
      partitions
        .filter(bad)
        .map(({ partitionId }) => partitionId)
        .toSorted((a, b) => a - b)
    return {
      name,
      address,
      partitions: partitions.length,
      leaderless: numbers(({ leader }) => leader < 0),
      underReplicated: numbers(({ isr, replicas }) => isr.length < replicas.length),
    }
  })
}
