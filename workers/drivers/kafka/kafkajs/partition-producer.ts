// A kafkajs producer that tells of each partition what became of it; it never repeats anything by itself.
import {
  Partitioners,
  type Kafka,
  type KafkaJSProtocolError,
  type Message,
  type Producer,
  type ProducerRecord,
  type RecordMetadata,
} from 'kafkajs'
import { SluiceError } from '../../../core/errors.ts'
import { murmur2 } from '../../../core/murmur2.ts'
import { rootCause, typeOf } from '../errors.ts'
import { createErrorFromCode, producerWithCluster } from './internals.ts'

/** What Kafka did not take of a request, by partition. */
export interface Refusal {
  readonly error: KafkaJSProtocolError
  readonly messages: ReadonlySet<Message>
}

export class PartitionProducer {
  private readonly producer: Producer
  /** Asks where the partitions live; rejects when any topic that was ever sent to is not there. */
  readonly refresh: () => Promise<void>
  /** Where a message was to go when it was last sent. */
  private readonly partitions = new WeakMap<Message, number>()

  constructor(kafka: Kafka) {
    const { producer, cluster } = producerWithCluster(kafka, {
      createPartitioner: () => {
        const byTurns = Partitioners.DefaultPartitioner()
        return (args) => {
          const { key, partition: wanted } = args.message
          // kafkajs computes the same, in time that grows with the square of the key: a minute for one of 300 KB.
          const partition =
            Buffer.isBuffer(key) && wanted === undefined
              ? (murmur2(key) & 0x7fffffff) % args.partitionMetadata.length
              : byTurns(args)
          this.partitions.set(args.message, partition)
          return partition
        }
      },
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      // A request whose outcome is unknown is repeated by whoever knows what it means, and counted there.
      retry: { retries: 0 },
    })
    this.producer = producer
    this.refresh = () => cluster.refreshMetadata()
  }

  connect(): Promise<void> {
    return this.producer.connect()
  }

  disconnect(): Promise<void> {
    return this.producer.disconnect()
  }

  /**
   * What is in no refusal was stored. Rejects with a name of Kafka's own (`typeOf`) only when nothing was sent; in any other
   * case all of it may have been stored, or none: one request goes to each leader, and kafkajs drops what the others answered.
   */
  async send(record: ProducerRecord): Promise<Refusal[]> {
    const { messages } = record
    for (const message of messages) this.partitions.delete(message)
    let answers: RecordMetadata[]
    try {
      answers = await this.producer.send(record)
    } catch (thrown) {
      // Once the partitions were chosen, a name of Kafka's own tells only why kafkajs found no new metadata after the request had failed.
      const left = messages.some((message) => this.partitions.has(message))
      if (!left || typeOf(thrown) === undefined) throw thrown
      throw new SluiceError('SLU5201', {
        message: `the connection was lost, and then: ${rootCause(thrown).message}`,
      })
    }
    return this.refusals(messages, answers)
  }

  private refusals(messages: readonly Message[], answers: readonly RecordMetadata[]): Refusal[] {
    const failed = new Map<number, Set<Message>>()
    const codes = new Map(answers.map(({ partition, errorCode }) => [partition, errorCode]))
    for (const message of messages) {
      const partition = this.partitions.get(message)
      const code = partition === undefined ? undefined : codes.get(partition)
      // Nothing may count as stored that Kafka did not say so of.
      if (partition === undefined || code === undefined)
        throw new SluiceError('SLU9001', {
          message: `kafkajs does not say what became of a message for partition ${partition}`,
        })
      if (code === 0) continue
      const known = failed.get(partition)
      if (known === undefined) failed.set(partition, new Set([message]))
      else known.add(message)
    }
    return [...failed].map(([partition, its]) => ({
      error: createErrorFromCode(codes.get(partition) as number),
      messages: its,
    }))
  }
}
