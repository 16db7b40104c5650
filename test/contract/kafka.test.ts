import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Lane, LogDriver, OutMessage } from '../../workers/core/contract.ts'
import type { LogRange } from '../../workers/core/log-view.ts'
import { silentLog } from '../../workers/core/log.ts'
import { createKafkaDriver } from '../../workers/drivers/kafka/index.ts'
import { KAFKA_CLIENTS } from '../support/kafka-clients.ts'
import { fromEnvironment } from '../support/environment.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { describeLogDriver, topicNamed } from './log.contract.ts'

const { Kafka, logLevel } = kafkajs

const messageOf = (text: string): OutMessage => ({
  id: text,
  key: Buffer.from(text),
  value: Buffer.from(text),
  headers: {},
  timestamp: 1_700_000_000_000,
  contentType: 'text/plain',
})

const context = {
  world: systemWorld,
  log: silentLog,
  origin: 'connection events (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}
const brokers = () => fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')

for (const client of KAFKA_CLIENTS)
  describeLogDriver(`Kafka on ${client}`, {
    driver: () => createKafkaDriver({ brokers: brokers(), client }, context),
  })

describe.each(KAFKA_CLIENTS)('Kafka that is not there, asked by %s', (client) => {
  test('connect rejects at once, naming host, port and the line that asked for it', async () => {
    const driver = createKafkaDriver({ brokers: ['127.0.0.1:1'], client }, context)
    await expect(driver.connect()).rejects.toMatchObject({
      code: 'SLU5201',
      message: expect.stringMatching(/127\.0\.0\.1:1.*fleet\.yaml:6/) as string,
    })
    expect(driver.isUp()).toBe(false)
    await driver.close()
  })
})

test('a handler that uses kafkajs itself hears of what Kafka refuses, as everywhere', async () => {
  const driver = createKafkaDriver({ brokers: brokers(), client: 'kafkajs' }, context)
  const kafka = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING, retry: { retries: 0 } })
  const producer = kafka.producer()
  onTestFinished(async () => {
    await Promise.all([driver.close(), producer.disconnect()])
  })
  await Promise.all([driver.connect(), producer.connect()])
  const topic = topicNamed(`contract-${randomUUID()}`, { maxBytes: 1_000 })
  await driver.ensureTopics([topic])
  const value = 'x'.repeat(10_000)
  await expect(
    producer.send({ topic: topic.address, messages: [{ value }] }),
  ).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' })
})

describe('one group on both clients', () => {
  const drivers = KAFKA_CLIENTS.map((client) =>
    createKafkaDriver({ brokers: brokers(), client }, context),
  )
  afterAll(() => Promise.all(drivers.map((driver) => driver.close())))

  // Whoever came first leads the group, and says who reads what.
  test.each([
    ['kafkajs leads', [0, 1]],
    ['platformatic leads', [1, 0]],
  ])(
    '%s: its members share the lanes, and one goes on where the other stopped',
    async (_, order) => {
      const [one, two] = order.map((n) => drivers[n]) as [LogDriver, LogDriver]
      await Promise.all(drivers.map((driver) => driver.connect()))
      const topic = topicNamed(`contract-${randomUUID()}`)
      const group = topic.address
      await one.ensureTopics([topic])
      const join = async (driver: LogDriver) => {
        const recorder = new RecordingIntake()
        const source = driver.source({ topic, group, start: 'earliest' })
        await source.start(recorder)
        return { recorder, source }
      }
      const first = await join(one)
      await eventually('the first has all lanes', () => first.recorder.lanes.length === 4)
      const second = await join(two)
      await eventually(
        'the lanes are shared',
        () => first.recorder.lanes.length === 2 && second.recorder.lanes.length === 2,
      )
      const sent = Array.from({ length: 40 }, (_each, n) => `${order.join('')}-${n}`)
      for (const text of sent) await one.sink(topic).send(messageOf(text))
      const texts = () => [...first.recorder.texts(), ...second.recorder.texts()]
      await eventually('everything came', () => texts().length >= sent.length)
      expect(texts().sort()).toEqual(sent.sort())
      const note = 'f1:AQE'
      const places = new Map<Lane, number>()
      for (const { lane, message } of second.recorder.seen) places.set(lane, message.offset + 1)
      await second.source.commit([...places].map(([lane, next]) => ({ lane, next, note })))
      await second.source.stop()
      await eventually('the first has all lanes again', () => first.recorder.lanes.length === 4)
      const grants = first.recorder.grants.slice(-4)
      expect(grants.filter((grant) => grant.note === note)).toHaveLength(places.size)
      await first.source.stop()
    },
  )
})

describe.each(KAFKA_CLIENTS)('transactions of other producers, on %s', (client) => {
  test('what was given up is not shown, and what is not over is waited for', async () => {
    const driver = createKafkaDriver({ brokers: brokers(), client }, context)
    const topic = topicNamed(`contract-${randomUUID()}`, { partitions: 1 })
    const producer = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING }).producer({
      transactionalId: topic.address,
      maxInFlightRequests: 1,
      idempotent: true,
    })
    onTestFinished(async () => {
      await Promise.all([driver.close(), producer.disconnect()])
    })
    await Promise.all([driver.connect(), producer.connect()])
    await driver.ensureTopics([topic])
    const write = async (text: string, end: 'commit' | 'abort' | undefined) => {
      const transaction = await producer.transaction()
      await transaction.send({ topic: topic.address, messages: [{ value: text }] })
      if (end !== undefined) await transaction[end]()
      return transaction
    }
    const recorder = new RecordingIntake()
    const source = driver.source({ topic, group: topic.address, start: 'earliest' })
    await source.start(recorder)
    await write('a', 'commit')
    await write('b', 'abort')
    await driver.sink(topic).send(messageOf('c'))
    // Two markers are among them, which Kafka writes after it has answered.
    const end = async () => (await driver.view(topic).ranges())[0]?.to
    await eventually('Kafka knows that they are over', async () => (await end()) === 5)
    await eventually('what is over came', () => recorder.seen.length >= 2)
    await write('d', 'abort')
    await eventually('the end is reached', async () => (await source.backlog()) === 0)
    const open = await write('e', undefined)
    await driver.sink(topic).send(messageOf('f'))
    await driver.ping()
    expect(recorder.texts()).toEqual(['a', 'c'])
    await open.commit()
    await eventually('the rest came', () => recorder.seen.length >= 4)
    expect(recorder.texts()).toEqual(['a', 'c', 'e', 'f'])
    await eventually('the end is reached', async () => (await source.backlog()) === 0)
    const [range] = await driver.view(topic).ranges()
    const shown: string[] = []
    for await (const messages of driver.view(topic).read(range as LogRange))
      shown.push(...messages.map(({ value }) => String(value)))
    expect(shown).toEqual(['a', 'c', 'e', 'f'])
    await source.stop()
  })
})

describe.each(KAFKA_CLIENTS)('offsets that are not there, on %s', (client) => {
  const open = async (committed: number) => {
    const log = recordedLog()
    const driver = createKafkaDriver({ brokers: brokers(), client }, { ...context, log })
    const topic = topicNamed(`contract-${randomUUID()}`, { partitions: 1 })
    const group = topic.address
    const admin = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING }).admin()
    onTestFinished(async () => {
      await Promise.all([driver.close(), admin.disconnect()])
    })
    await Promise.all([driver.connect(), admin.connect()])
    await driver.ensureTopics([topic])
    for (let n = 0; n < 10; n++) await driver.sink(topic).send(messageOf(`m${n}`))
    const partitions = [{ partition: 0, offset: String(committed) }]
    await admin.setOffsets({ groupId: group, topic: topic.address, partitions })
    const read = async () => {
      const recorder = new RecordingIntake()
      await driver.source({ topic, group, start: 'latest' }).start(recorder)
      return recorder
    }
    const said = (text: string) => log.lines.some(({ message }) => message.includes(text))
    return { admin, topic, read, said }
  }

  test('dropped before they were read: reading goes on behind them, and the log says so', async () => {
    const { admin, topic, read, said } = await open(2)
    const partitions = [{ partition: 0, offset: '6' }]
    await admin.deleteTopicRecords({ topic: topic.address, partitions })
    const recorder = await read()
    await eventually('what is left came', () => recorder.seen.length === 4, 40_000)
    expect(recorder.texts()).toEqual(['m6', 'm7', 'm8', 'm9'])
    expect(said('Offsets were gone before they were read')).toBe(true)
    expect(recorder.gone).toEqual([])
  })

  test('the log became shorter: everything that is left is read, by another consumer', async () => {
    const { read, said } = await open(50)
    const recorder = await read()
    await eventually('everything came', () => recorder.seen.length === 10, 40_000)
    expect(recorder.texts()).toEqual(Array.from({ length: 10 }, (_, n) => `m${n}`))
    expect(said('A Kafka consumer ended')).toBe(true)
    expect(recorder.gone).toHaveLength(1)
  })
})

describe.each(['gzip', 'zstd', 'snappy', 'lz4'] as const)(
  'messages that were compressed with %s',
  (compression) => {
    // Small ones are put into a batch together; a large one takes several blocks of any codec.
    const texts = [
      ...Array.from({ length: 50 }, (_, n) => `${n} `.repeat(40)),
      'large '.repeat(60_000),
    ]

    test.each(KAFKA_CLIENTS)('by %s are read by every client', async (writer) => {
      const topic = topicNamed(`contract-${randomUUID()}`, { partitions: 1, compression })
      const drivers = new Map(
        KAFKA_CLIENTS.map((client) => [
          client,
          createKafkaDriver({ brokers: brokers(), client }, context),
        ]),
      )
      onTestFinished(async () => {
        await Promise.all([...drivers.values()].map((driver) => driver.close()))
      })
      const writes = drivers.get(writer) as LogDriver
      await writes.connect()
      await writes.ensureTopics([topic])
      await Promise.all(texts.map((text) => writes.sink(topic).send(messageOf(text))))
      for (const [client, driver] of drivers) {
        await driver.connect()
        const recorder = new RecordingIntake()
        const group = `${topic.address}-${client}`
        await driver.source({ topic, group, start: 'earliest' }).start(recorder)
        await eventually('all came', () => recorder.seen.length === texts.length, 40_000)
        expect(recorder.texts().toSorted()).toEqual(texts.toSorted())
      }
    })
  },
)

test('no timer runs wild on Node 24', async () => {
  // tulios/kafkajs#1751: negative timeouts, re-armed every millisecond on each idle connection.
  const warnings: Error[] = []
  const listen = (warning: Error) => warnings.push(warning)
  process.on('warning', listen)
  const driver = createKafkaDriver({ brokers: brokers(), client: 'kafkajs' }, context)
  await driver.connect()
  await driver.ping()
  await driver.close()
  process.off('warning', listen)
  expect(warnings.filter(({ name }) => name === 'TimeoutNegativeWarning')).toEqual([])
})
