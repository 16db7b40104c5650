// Looking at topics and streams against the contract of all views: embedded, Kafka and RabbitMQ.
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Queue, Topic } from '../../workers/core/contract.ts'
import { silentLog } from '../../workers/core/log.ts'
import { createEmbeddedLogDriver } from '../../workers/drivers/embedded/log-driver.ts'
import { createEmbeddedQueueDriver } from '../../workers/drivers/embedded/queue-driver.ts'
import { EmbeddedQueues } from '../../workers/drivers/embedded/queues.ts'
import { EmbeddedTopics } from '../../workers/drivers/embedded/topics.ts'
import { createKafkaDriver } from '../../workers/drivers/kafka/index.ts'
import { createRabbitmqDriver } from '../../workers/drivers/rabbitmq/index.ts'
import { fromEnvironment } from '../support/environment.ts'
import { KAFKA_CLIENTS } from '../support/kafka-clients.ts'
import { openRabbitmqView, rabbitmqSettings } from '../support/rabbitmq.ts'
import { topicNamed } from './log.contract.ts'
import { messageOf, queueNamed } from './queue.contract.ts'
import { viewContract, type ViewSetup } from './view.contract.ts'

const context = {
  world: systemWorld,
  log: silentLog,
  origin: 'connection events (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}
const brokers = () => fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')
const name = () => `view-${randomUUID()}`
const streamNamed = (address: string): Queue => queueNamed(address, 'stream')

viewContract('a topic, embedded', async () => {
  const driver = createEmbeddedLogDriver(new EmbeddedTopics(), context)
  await driver.connect()
  return topics(driver, () => Promise.resolve(undefined))
})

for (const client of KAFKA_CLIENTS)
  viewContract(`a topic, Kafka on ${client}`, async () => {
    const driver = createKafkaDriver({ brokers: brokers(), client }, context)
    await driver.connect()
    return topics(driver, groups)
  })

function topics(
  driver: ReturnType<typeof createKafkaDriver>,
  traces: ViewSetup['traces'],
): ViewSetup {
  return {
    async fresh() {
      const topic: Topic = topicNamed(name())
      await driver.ensureTopics([topic])
      return { view: driver.view(topic), sink: driver.sink(topic), partitions: topic.partitions }
    },
    missing: () => Promise.resolve(driver.view(topicNamed(name()))),
    traces,
    close: () => driver.close(),
  }
}

/** Names of groups that a look could have made; other tests on the same broker come and go. */
async function groups(): Promise<string[]> {
  const admin = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const { groups: found } = await admin.listGroups()
  await admin.disconnect()
  return found.map(({ groupId }) => groupId).filter((id) => id.includes('view'))
}

viewContract('a stream, embedded', async () => {
  const driver = createEmbeddedQueueDriver(new EmbeddedQueues(systemWorld.clock), context)
  await driver.connect()
  return streams(driver, [], () => Promise.resolve(undefined))
})

viewContract('a stream, RabbitMQ', async () => {
  const driver = createRabbitmqDriver(rabbitmqSettings(), context)
  await driver.connect()
  const view = await openRabbitmqView()
  const made: string[] = []
  const setup = streams(driver, made, () => view.consumers(made))
  return {
    ...setup,
    async close() {
      await setup.close()
      await view.remove(made)
      await view.close()
    },
  }
})

function streams(
  driver: ReturnType<typeof createRabbitmqDriver>,
  made: string[],
  traces: ViewSetup['traces'],
): ViewSetup {
  return {
    async fresh() {
      const stream = streamNamed(name())
      made.push(stream.address)
      await driver.ensureQueues([stream])
      return { view: driver.view(stream), sink: driver.sink(stream), partitions: 1 }
    },
    missing: () => Promise.resolve(driver.view(streamNamed(name()))),
    traces,
    close: () => driver.close(),
  }
}

it('RabbitMQ refuses to show a queue that is no stream, and nothing of it is taken', async () => {
  const driver = createRabbitmqDriver(rabbitmqSettings(), context)
  await driver.connect()
  const view = await openRabbitmqView()
  const queue = queueNamed(name())
  await driver.ensureQueues([queue])
  await driver.sink(queue).send(messageOf('stays'))
  await expect(driver.view(queue).ranges()).rejects.toMatchObject({ code: 'SLU5702' })
  const [message] = await view.take(queue.address)
  expect(message?.id).toBe('stays')
  expect(message?.headers['x-delivery-count']).toBeUndefined()
  await view.remove([queue.address])
  await view.close()
  await driver.close()
})
