// @platformatic/kafka behind the seam of the Kafka driver: its protocol and its connections, and none of its clients (docs/decisions/kafka-clients.md).
import type { KafkaClient } from '../client.ts'
import { PlatformaticConsumer } from './consumer.ts'
import { PlatformaticWire } from './wire.ts'

export const platformaticClient: KafkaClient = {
  wire: (parts) => new PlatformaticWire(parts),
  consumer: (parts) => new PlatformaticConsumer(parts),
}
