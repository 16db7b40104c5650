// Inspectors of Kafka, RabbitMQ and Redis against the contract of all inspectors, on real brokers.
import { systemWorld } from '../../workers/core/clock.ts'
import { createBullmqDriver } from '../../workers/drivers/bullmq/index.ts'
import { createBullmqInspector } from '../../workers/drivers/bullmq/inspector.ts'
import { createKafkaDriver } from '../../workers/drivers/kafka/index.ts'
import { createKafkaInspector } from '../../workers/drivers/kafka/kafkajs/inspector.ts'
import { createRabbitmqDriver } from '../../workers/drivers/rabbitmq/index.ts'
import { createRabbitmqInspector } from '../../workers/drivers/rabbitmq/inspector.ts'
import { createRedisInspector } from '../../workers/drivers/redis/inspector.ts'
import { fromEnvironment } from '../support/environment.ts'
import { openRabbitmqView, rabbitmqSettings } from '../support/rabbitmq.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'
import {
  queueInspectorContract,
  redisInspectorContract,
  topicInspectorContract,
} from './inspector.contract.ts'

const context = {
  world: systemWorld,
  log: recordedLog(),
  origin: 'connection (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}
const kafka = () => ({
  brokers: fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(','),
  client: 'kafkajs' as const,
})

redisInspectorContract('Redis and BullMQ', {
  redis: () => createRedisInspector(redisSettings(), context),
  jobs: () => createBullmqInspector(redisSettings(), context),
  driver: () => createBullmqDriver(redisSettings(), context),
  async remove(addresses) {
    const view = await openRedisView()
    for (const address of addresses) await removeKeys(view, `bull:${address}`)
    view.disconnect()
  },
})

queueInspectorContract('RabbitMQ', {
  inspector: () =>
    createRabbitmqInspector(
      {
        ...rabbitmqSettings(),
        managementPort: Number(fromEnvironment('RABBITMQ_MANAGEMENT_PORT')),
      },
      context,
    ),
  driver: () => createRabbitmqDriver(rabbitmqSettings(), context),
  async remove(addresses) {
    const view = await openRabbitmqView()
    await view.remove(addresses)
    await view.close()
  },
})

topicInspectorContract('Kafka', {
  inspector: () => createKafkaInspector(kafka(), context),
  driver: () => createKafkaDriver(kafka(), context),
})
