// Sends that Kafka refuses in part, cannot store, or does not answer: what each of them becomes, and what of it is sent again.
import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { OutMessage } from '../../../workers/core/contract.ts'
import type { KafkaClientName } from '../../../workers/core/plan.ts'
import type { SluiceError } from '../../../workers/core/errors.ts'
import { createKafkaDriver } from '../../../workers/drivers/kafka/index.ts'
import { topicOf } from '../../ops/support.ts'
import { fromEnvironment } from '../../support/environment.ts'
import { eventually } from '../../support/eventually.ts'
import { fastWorld } from '../../support/fast-world.ts'
import { KAFKA_CLIENTS } from '../../support/kafka-clients.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { kafkaProxy } from './kafka-proxy.ts'

const NOT_LEADER = 6
const { Kafka, logLevel, Partitioners } = kafkajs

async function open(client: KafkaClientName, world = systemWorld) {
  const broker = fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')[0] as string
  const proxy = await kafkaProxy(broker)
  const oracle = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin()
  const log = recordedLog()
  const origin = 'connection events (pipelines/fleet.yaml:4)'
  const driver = createKafkaDriver(
    { brokers: proxy.brokers, client },
    { world, log, origin, clientId: 'produce-test' },
  )
  const created: string[] = []
  onTestFinished(async () => {
    await driver.close()
    const there = await oracle.listTopics()
    const topics = created.filter((name) => there.includes(name))
    if (topics.length > 0) await oracle.deleteTopics({ topics })
    await oracle.disconnect()
  })
  await driver.connect()
  await oracle.connect()
  /** A topic of two partitions. */
  const topic = async (config: Record<string, string> = {}) => {
    const address = `produce-${randomUUID()}`
    created.push(address)
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
    const topics = [{ topic: address, numPartitions: 2, configEntries }]
    await oracle.createTopics({ waitForLeaders: false, topics })
    await eventually('the broker shows it', () => isLed(oracle, address))
    return topicOf({ address })
  }
  /** How many messages each partition holds. */
  const stored = async (address: string) => {
    const ends = await oracle.fetchTopicOffsets(address)
    return ends.sort((a, b) => a.partition - b.partition).map(({ high }) => Number(high))
  }
  return { proxy, oracle, log, driver, topic, stored }
}

/** A broker learns of a topic a little after the controller: kafkajs, told to wait, may give up on it. */
const isLed = (oracle: kafkajs.Admin, address: string) =>
  oracle.fetchTopicMetadata({ topics: [address] }).then(
    ({ topics: [found] }) => found?.partitions.every(({ leader }) => leader >= 0) === true,
    () => false,
  )

const partitionOf = Partitioners.DefaultPartitioner()
const PARTITIONS = [0, 1].map((partitionId) => ({
  partitionId,
  partitionErrorCode: 0,
  leader: 1,
  replicas: [1],
  isr: [1],
}))

/** A message for partition 0 or 1. */
function messageFor(partition: number, bytes = 10): OutMessage {
  const message = { value: Buffer.alloc(bytes) }
  const goesThere = (key: string) =>
    partitionOf({ topic: 'any', partitionMetadata: PARTITIONS, message: { ...message, key } }) ===
    partition
  const key = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].find(goesThere) as string
  return {
    id: randomUUID(),
    key: Buffer.from(key),
    ...message,
    headers: {},
    timestamp: 1_700_000_000_000,
    contentType: 'text/plain',
  }
}

const codeOf = (send: Promise<void>) =>
  send.then(
    () => 'stored',
    (error: unknown) => (error as SluiceError).code,
  )

describe.each(KAFKA_CLIENTS)('one request for two partitions, on %s', (client) => {
  it('one message is too large: its partition is sent again in halves, and nothing is stored twice', async () => {
    const { proxy, driver, topic, stored } = await open(client)
    const orders = await topic({ 'max.message.bytes': '20000' })
    const { send } = driver.sink(orders)
    // A leader that has just been chosen may not know it yet.
    await Promise.all([send(messageFor(0)), send(messageFor(1))])
    proxy.seen.length = 0
    const others = Array.from({ length: 10 }, () => codeOf(send(messageFor(1))))
    const its = [10, 10, 50_000, 10].map((bytes) => codeOf(send(messageFor(0, bytes))))
    expect(await Promise.all(others)).toEqual(others.map(() => 'stored'))
    expect(await Promise.all(its)).toEqual(['stored', 'stored', 'SLU5203', 'stored'])
    expect(await stored(orders.address)).toEqual([4, 11])
    expect(proxy.asked()).toEqual([[0, 1], [0], [0], [0], [0]])
  })

  it('one leader moved: that partition alone is sent again, once Kafka was asked where it lives', async () => {
    const { proxy, driver, topic } = await open(client)
    const { send } = driver.sink(await topic())
    await send(messageFor(0))
    proxy.seen.length = 0
    proxy.answerNext([0, 1], new Map([[0, NOT_LEADER]]))
    await Promise.all([send(messageFor(0)), send(messageFor(1)), send(messageFor(0))])
    expect(proxy.asked()).toEqual([[0, 1], [0]])
    expect(proxy.seen[1]?.api).toBe('metadata')
    expect(driver.isUp()).toBe(true)
  })

  it('one leader moved, and another topic was deleted: what is sent is sent again', async () => {
    const { proxy, oracle, driver, topic } = await open(client)
    const [orders, deleted] = [await topic(), await topic()]
    const { send } = driver.sink(orders)
    await Promise.all([send(messageFor(0)), driver.sink(deleted).send(messageFor(0))])
    await oracle.deleteTopics({ topics: [deleted.address] })
    // A broker learns from its controller what it has answered already.
    const isGone = async () => !(await oracle.listTopics()).includes(deleted.address)
    await eventually('the broker knows of it', isGone)
    proxy.answerNext([0, 1], new Map([[0, NOT_LEADER]]))
    const outcomes = [codeOf(send(messageFor(0))), codeOf(send(messageFor(1)))]
    // kafkajs asks for all topics at once, and is refused them all: the client is made anew.
    const remembers = client === 'kafkajs'
    expect(await Promise.all(outcomes)).toEqual([remembers ? 'SLU5201' : 'stored', 'stored'])
    expect(driver.isUp()).toBe(!remembers)
    await driver.whenUp()
    await send(messageFor(0))
    expect(await codeOf(driver.sink(deleted).send(messageFor(0)))).toBe('SLU5205')
    expect(driver.isUp()).toBe(true)
    await driver.ping()
  })
})

describe.each(KAFKA_CLIENTS)('a partition in trouble, on %s', (client) => {
  it.each([
    ['too few replicas', 19],
    ['a broken disk', 56],
    ['a leader that ran out of time', 7],
  ])(
    '%s: an outage of the partition alone, for which Kafka is asked where it lives',
    async (_, code) => {
      const { proxy, driver, topic } = await open(client)
      const orders = await topic()
      const { send } = driver.sink(orders)
      await send(messageFor(0))
      proxy.seen.length = 0
      proxy.answerNext([0, 1], new Map([[0, code]]))
      const refused = send(messageFor(0))
      const neighbour = send(messageFor(1))
      await expect(refused).rejects.toMatchObject({
        code: 'SLU5207',
        outage: true,
        message: expect.stringContaining(orders.address) as string,
      })
      await neighbour
      expect(proxy.asked()).toEqual([[0, 1]])
      expect(proxy.seen[1]?.api).toBe('metadata')
      expect(driver.isUp()).toBe(true)
      await send(messageFor(0))
    },
  )
})

it('a request without an answer is a lost connection: no attempt, and another one is opened', async () => {
  const { proxy, log, driver, topic } = await open('kafkajs')
  const { send } = driver.sink(await topic())
  await send(messageFor(0))
  proxy.answerNext([1], 'silence')
  const asked = proxy.asked().length
  const sent = send(messageFor(1))
  await eventually('it was asked', () => proxy.asked().length > asked)
  // kafkajs bounds its requests by the wall clock.
  const now = Date.now.bind(Date)
  const jump = vi.spyOn(Date, 'now').mockImplementation(() => now() + 16_000)
  onTestFinished(() => jump.mockRestore())
  await expect(sent).rejects.toMatchObject({
    code: 'SLU5201',
    outage: true,
    message: expect.stringContaining('timed out') as string,
  })
  expect(driver.isUp()).toBe(false)
  await driver.whenUp()
  await send(messageFor(1))
  const warnings = log.lines.filter(({ level }) => level === 'warn')
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('was lost')])
})

it.each(KAFKA_CLIENTS)(
  'so is one that takes longer than we wait for a confirm, on %s',
  async (client) => {
    const { proxy, driver, topic } = await open(client, fastWorld(10))
    const { send } = driver.sink(await topic())
    await send(messageFor(0))
    proxy.answerNext([1], 'silence')
    await expect(send(messageFor(1))).rejects.toMatchObject({
      code: 'SLU5201',
      outage: true,
      message: expect.stringContaining('did not answer within 30 s') as string,
    })
    expect(driver.isUp()).toBe(false)
    await driver.whenUp()
    await send(messageFor(1))
  },
)
