// A consumer that is alive to its group and gets nothing any more: noticed by what waits for it, and replaced within the same process.
import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { expect, it, onTestFinished } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { Intake, Lane } from '../../../workers/core/contract.ts'
import { createKafkaDriver } from '../../../workers/drivers/kafka/index.ts'
import { topicOf } from '../../ops/support.ts'
import { fromEnvironment } from '../../support/environment.ts'
import { eventually } from '../../support/eventually.ts'
import { KAFKA_CLIENTS } from '../../support/kafka-clients.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { kafkaProxy } from './kafka-proxy.ts'

const { Kafka, logLevel } = kafkajs

/** Takes everything; says which lanes were granted and lost. */
function taking() {
  const texts: string[] = []
  const grants: Lane[] = []
  const lost: Lane[] = []
  const intake: Intake = {
    granted: (given) => void grants.push(...given.map(({ lane }) => lane)),
    offer(_lane, messages, from) {
      for (const { value } of messages.slice(from)) texts.push(String(value))
      return messages.length - from
    },
    room: () => Promise.resolve(),
    revoke: () => Promise.resolve(),
    lost: (lanes) => void lost.push(...lanes),
  }
  return { intake, texts, grants, lost }
}

it.each(KAFKA_CLIENTS)(
  'on %s: a client that heartbeats, fetches and gets nothing is thrown away while messages wait, and not before',
  async (client) => {
    const broker = fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')[0] as string
    const proxy = await kafkaProxy(broker)
    const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    const producer = kafka.producer()
    const log = recordedLog()
    const driver = createKafkaDriver(
      { brokers: proxy.brokers, client },
      { world: systemWorld, log, origin: 'connection events', clientId: 'stalled-test' },
    )
    const address = `stalled-${randomUUID()}`
    onTestFinished(async () => {
      await driver.close()
      await producer.disconnect()
      await admin.deleteTopics({ topics: [address] })
      await admin.disconnect()
    })
    await Promise.all([driver.connect(), admin.connect(), producer.connect()])
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic: address, numPartitions: 1 }],
    })
    const { intake, texts, grants, lost } = taking()
    const source = driver.source({ topic: topicOf({ address }), group: address, start: 'earliest' })
    await source.start(intake)
    const send = (value: string) => producer.send({ topic: address, messages: [{ value }] })
    await send('first')
    await eventually('the first one is taken', () => texts.length === 1, 30_000)
    const soFar = proxy.fetches()
    await eventually('it fetches on, and finds nothing', () => proxy.fetches() > soFar + 3)
    proxy.emptyFetches(true)
    await send('second')
    const said = (code: string) => log.lines.filter((line) => JSON.stringify(line).includes(code))
    await eventually('it is noticed', () => said('SLU5505').length > 0, 40_000)
    proxy.emptyFetches(false)
    await eventually('the second one is taken', () => texts.length > 1, 40_000)
    await source.stop()
    // Nothing was committed: whoever takes the lane over reads it from its beginning.
    expect(texts.slice(1)).toEqual(['first', 'second'])
    expect([grants.length, lost.length]).toEqual([2, 1])
    expect(said('SLU5505')).toHaveLength(1)
  },
  120_000,
)
