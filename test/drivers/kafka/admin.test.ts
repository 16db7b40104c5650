// What the Kafka admin does to a real topic, and what it must leave as others set it.
import { randomUUID } from 'node:crypto'
import kafkajs, { type Admin } from 'kafkajs'
import { expect, onTestFinished, test } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { createKafkaAdmin } from '../../../workers/drivers/kafka/kafkajs/admin.ts'
import { topicOf } from '../../ops/support.ts'
import { fromEnvironment } from '../../support/environment.ts'
import { recordedLog } from '../../support/recorded-log.ts'

const context = {
  world: systemWorld,
  log: recordedLog(),
  origin: 'connection events (pipelines/fleet.yaml:4)',
  clientId: 'admin-test',
}

async function open() {
  const brokers = fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')
  const prefix = `admin-${randomUUID().slice(0, 8)}.`
  const admin = createKafkaAdmin({ brokers }, context)
  const { Kafka, logLevel } = kafkajs
  const oracle = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await oracle.connect()
  await admin.connect()
  onTestFinished(async () => {
    await admin.close()
    const topics = (await oracle.listTopics()).filter((name) => name.startsWith(prefix))
    if (topics.length > 0) await oracle.deleteTopics({ topics })
    await oracle.disconnect()
  })
  return { admin, oracle, prefix, topic: topicOf({ address: `${prefix}orders` }) }
}

/** What is set on the topic itself. */
async function own(oracle: Admin, name: string): Promise<Record<string, string>> {
  const { resources } = await oracle.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
  })
  const entries = resources[0]?.configEntries ?? []
  return Object.fromEntries(
    entries
      .filter(({ configSource }) => Number(configSource) === 1)
      .map(({ configName, configValue }) => [configName, configValue]),
  )
}

test('setting one thing leaves what others set', async () => {
  const { admin, oracle, topic } = await open()
  await oracle.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic: topic.address,
        numPartitions: 2,
        configEntries: [
          { name: 'segment.ms', value: '3600000' },
          { name: 'retention.ms', value: '1000' },
        ],
      },
    ],
  })
  const longer = { ...topic, retention: { timeMs: 'forever' as const } }
  for (const _ of ['once', 'and again'])
    await admin.carryOut({ do: 'set', topic: longer, field: 'retention.time' })
  expect(await own(oracle, topic.address)).toEqual({
    'segment.ms': '3600000',
    'retention.ms': '-1',
  })
  const { topics } = await admin.look([topic], '')
  expect(topics.get(topic.address)).toMatchObject({
    partitions: 2,
    settings: { 'retention.time': { value: 'forever', own: true }, cleanup: { own: false } },
    others: { 'segment.ms': '3600000' },
  })
})

test('what was carried out is shown at once, and doing it again changes nothing', async () => {
  const { admin, topic, prefix } = await open()
  const other = topicOf({ address: `${prefix}other` })
  const seen = async () => (await admin.look([topic], prefix)).topics.get(topic.address)
  expect(await admin.look([topic], prefix)).toEqual({ topics: new Map(), undeclared: [] })
  for (const _ of ['once', 'and again']) await admin.carryOut({ do: 'create-topic', topic })
  expect(await seen()).toMatchObject({ partitions: 2 })
  const wider = { ...topic, partitions: 5 }
  for (const _ of ['once', 'and again']) {
    await admin.carryOut({ do: 'add-partitions', topic: wider })
    expect(await seen()).toMatchObject({ partitions: 5 })
  }
  await admin.carryOut({ do: 'add-partitions', topic })
  const compact = { ...topic, cleanup: 'compact-delete' as const }
  await admin.carryOut({ do: 'set', topic: compact, field: 'cleanup' })
  expect(await seen()).toMatchObject({
    partitions: 5,
    settings: { cleanup: { value: 'compact-delete', own: true } },
  })
  await admin.carryOut({ do: 'create-topic', topic: other })
  expect((await admin.look([topic], prefix)).undeclared).toEqual([other.address])
})

test('Kafka’s refusal comes back with the topic, and the connection lives on', async () => {
  const { admin, topic } = await open()
  await admin.carryOut({ do: 'create-topic', topic })
  const wrong = { ...topic, minInSync: 0 }
  await expect(
    admin.carryOut({ do: 'set', topic: wrong, field: 'minInSync' }),
  ).rejects.toMatchObject({
    code: 'SLU5206',
    message: expect.stringContaining(topic.address) as string,
  })
  expect((await admin.look([topic], '')).topics.size).toBe(1)
})
