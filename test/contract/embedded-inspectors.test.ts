// What embedded brokers say of themselves, against the contract of all inspectors; and that they can be away.
import { expect, it } from 'vitest'
import { systemClock, systemWorld } from '../../workers/core/clock.ts'
import { createEmbeddedJobDriver } from '../../workers/drivers/embedded/job-driver.ts'
import {
  createEmbeddedJobsInspector,
  createEmbeddedQueueInspector,
  createEmbeddedRedisInspector,
  createEmbeddedTopicInspector,
} from '../../workers/drivers/embedded/inspectors.ts'
import { createEmbeddedLogDriver } from '../../workers/drivers/embedded/log-driver.ts'
import { createEmbeddedQueueDriver } from '../../workers/drivers/embedded/queue-driver.ts'
import { EmbeddedQueues } from '../../workers/drivers/embedded/queues.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { EmbeddedTopics } from '../../workers/drivers/embedded/topics.ts'
import { recordedLog } from '../support/recorded-log.ts'
import {
  queueInspectorContract,
  redisInspectorContract,
  topicInspectorContract,
} from './inspector.contract.ts'
import { rejectionOf } from './queue.contract.ts'

const context = {
  world: systemWorld,
  log: recordedLog(),
  origin: 'connection (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}

const redis = new EmbeddedRedis(systemClock)
redisInspectorContract('embedded', {
  redis: () => createEmbeddedRedisInspector(redis, context),
  jobs: () => createEmbeddedJobsInspector(redis, context),
  driver: () => createEmbeddedJobDriver(redis.jobs, context),
  remove: () => Promise.resolve(),
})

const queues = new EmbeddedQueues(systemClock)
queueInspectorContract('embedded', {
  inspector: () => createEmbeddedQueueInspector(queues, context),
  driver: () => createEmbeddedQueueDriver(queues, context),
  remove: () => Promise.resolve(),
})

const topics = new EmbeddedTopics()
topicInspectorContract('embedded', {
  inspector: () => createEmbeddedTopicInspector(topics, context),
  driver: () => createEmbeddedLogDriver(topics, context),
})

it('rejects as the real ones do while it is away, and says that it is embedded', async () => {
  const away = new EmbeddedRedis(systemClock)
  const inspector = createEmbeddedRedisInspector(away, context)
  expect(inspector).toMatchObject({ driver: 'embedded', target: 'the embedded Redis' })
  away.setAvailable(false)
  expect(await rejectionOf(inspector.look(undefined, 100))).toMatchObject({
    code: 'SLU5401',
    outage: true,
  })
  away.setAvailable(true)
  expect(await inspector.look(undefined, 100)).toMatchObject({ latencyMs: 0 })
})
