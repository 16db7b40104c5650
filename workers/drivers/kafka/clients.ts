// The client libraries by their names in fleet.yaml. Each is loaded when it is first used: a process pays for the one that it runs on.
import type { KafkaClientName } from '../../core/plan.ts'
import type { KafkaClient } from './client.ts'

const LOAD: Readonly<Record<KafkaClientName, () => Promise<KafkaClient>>> = {
  kafkajs: async () => (await import('./kafkajs/index.ts')).kafkajsClient,
  platformatic: async () => (await import('./platformatic/index.ts')).platformaticClient,
}

/** Loads it once, at the first call. */
export function clientNamed(name: KafkaClientName): () => Promise<KafkaClient> {
  let loaded: Promise<KafkaClient> | undefined
  return () => (loaded ??= LOAD[name]())
}
