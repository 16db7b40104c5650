// kafkajs behind the seam of the Kafka driver.
import type { KafkaClient } from '../client.ts'
import { KafkajsConsumer } from './consumer.ts'
import { KafkajsWire } from './wire.ts'

export const kafkajsClient: KafkaClient = {
  wire: (parts) => new KafkajsWire(parts),
  consumer: (parts) => new KafkajsConsumer(parts),
}
