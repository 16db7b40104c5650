// Asks and tells Kafka about topics; creates what is missing and changes nothing that exists.
import type { Admin, Kafka } from 'kafkajs'
import type { Topic } from '../../core/contract.ts'
import { kafkaError } from './errors.ts'

/** Kafka's own default for message.max.bytes. */
const DEFAULT_MAX_BYTES = 1_048_588

export class KafkaAdmin {
  private readonly kafka: Kafka
  private admin: Admin | undefined

  constructor(kafka: Kafka) {
    this.kafka = kafka
  }

  /** Returns the addresses created. */
  async ensureTopics(topics: readonly Topic[]): Promise<string[]> {
    return this.use('creating topics', async (admin) => {
      const existing = new Set(await admin.listTopics())
      const missing = topics.filter(({ address }) => !existing.has(address))
      if (missing.length === 0) return []
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map(({ address, partitions, maxBytes }) => ({
          topic: address,
          numPartitions: partitions,
          replicationFactor: -1,
          configEntries:
            maxBytes === DEFAULT_MAX_BYTES
              ? []
              : [{ name: 'max.message.bytes', value: String(maxBytes) }],
        })),
      })
      return missing.map(({ address }) => address)
    })
  }

  ends(topic: string): Promise<Map<number, { low: number; high: number }>> {
    return this.use(`reading the ends of ${topic}`, async (admin) => {
      const offsets = await admin.fetchTopicOffsets(topic)
      return new Map(
        offsets.map(({ partition, low, high }) => [
          partition,
          { low: Number(low), high: Number(high) },
        ]),
      )
    })
  }

  async close(): Promise<void> {
    const { admin } = this
    this.admin = undefined
    await admin?.disconnect().catch(() => {})
  }

  /** One admin client is kept; after an error it is not trusted again. */
  private async use<T>(doing: string, work: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      if (this.admin === undefined) {
        const admin = this.kafka.admin({ retry: { retries: 2 } })
        await admin.connect()
        this.admin = admin
      }
      return await work(this.admin)
    } catch (error) {
      await this.close()
      throw kafkaError(error, doing)
    }
  }
}
