// The client libraries that each test of the Kafka driver is run on.
import type { KafkaClientName } from '../../workers/core/plan.ts'

export const KAFKA_CLIENTS: readonly KafkaClientName[] = ['kafkajs', 'platformatic']
