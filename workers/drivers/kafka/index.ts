// The Kafka driver on kafkajs; nothing of kafkajs leaves this folder.
import { Kafka, logLevel } from 'kafkajs'
import type { DriverContext, LogDriver } from '../../core/contract.ts'
import { KafkaAdmin } from './admin.ts'
import { Connection } from './connection.ts'
import { applyPatches } from './patches.ts'
import { BatchingProducer } from './producer.ts'
import { KafkaSource } from './source.ts'

export interface KafkaConfig {
  readonly brokers: readonly string[]
}

export function createKafkaDriver({ brokers }: KafkaConfig, context: DriverContext): LogDriver {
  applyPatches()
  const kafka = new Kafka({
    clientId: context.clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, retries: 3, maxRetryTime: 2_000 },
    logLevel: logLevel.ERROR,
    logCreator: () => {
      // What matters comes to us as errors and events; kafkajs reports each retry as an error.
      return ({ namespace, log: { message, ...fields } }) =>
        context.log.debug({ namespace, ...plain(fields) }, `kafkajs: ${message}`)
    },
  })
  const connection = new Connection(kafka, brokers, context)
  const producer = new BatchingProducer(kafka, connection, context)
  const admin = new KafkaAdmin(kafka)
  const sources = new Set<KafkaSource>()
  connection.onRestored = () => producer.renew()
  return {
    connect: () => connection.open(),
    isUp: () => connection.isUp(),
    whenUp: (signal) => connection.whenUp(signal),
    ping: () => connection.probe(),
    async close() {
      await Promise.all([...sources].map((source) => source.stop()))
      await producer.close()
      await admin.close()
      connection.close()
    },
    source(options) {
      const source = new KafkaSource({
        kafka,
        context,
        options,
        ends: () => admin.ends(options.topic.address),
        closed: (ended) => sources.delete(ended),
      })
      sources.add(source)
      return source
    },
    sink: ({ address }) => ({ send: (message) => producer.send(address, message) }),
    ensureTopics: (topics) => admin.ensureTopics(topics),
  }
}

function plain(fields: Record<string, unknown>): object {
  const { error, groupId, retryCount, broker } = fields
  return { error, groupId, retryCount, broker }
}
