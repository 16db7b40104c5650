// What every log driver must do, embedded or Kafka; a driver's own test is a constructor and one call.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Lane, LogDriver, LogSource, OutMessage, Topic } from '../../workers/core/contract.ts'
import type { Headers, HeaderValue, LogMessage } from '../../workers/core/message.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { eventually } from '../support/eventually.ts'

export interface LogSetup {
  /** A new driver on the same broker, not connected. */
  driver(): LogDriver
}

export const topicNamed = (name: string, more: Partial<Topic> = {}): Topic => ({
  name,
  address: name,
  connection: 'events',
  at: { file: 'pipelines/fleet.yaml', line: 1, column: 1 },
  partitions: 4,
  replication: undefined,
  minInSync: undefined,
  // Messages of the tests are years old: Kafka would drop them at its next look, every five minutes.
  retention: { timeMs: 'forever' },
  cleanup: 'delete',
  compression: 'none',
  schema: undefined,
  format: 'json',
  envelope: {},
  tombstones: 'invalid',
  deadLetters: false,
  parked: false,
  maxBytes: 1_048_588,
  ...more,
})

const message = (text: string, key: string | null = null): OutMessage => ({
  id: text,
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(text),
  headers: {},
  timestamp: 1_700_000_000_000,
  contentType: 'text/plain',
})

/** A header as the bytes that it is. */
const plain = (value: HeaderValue): string | string[] =>
  Array.isArray(value) ? value.map(hexOf) : hexOf(value as Uint8Array)
const hexOf = (part: string | Uint8Array) => Buffer.from(part as Uint8Array).toString('hex')

export function describeLogDriver(name: string, setup: LogSetup): void {
  describe(`log contract: ${name}`, () => {
    let driver: LogDriver
    let topic: Topic
    let others: LogDriver[]
    let sources: LogSource[]

    beforeEach(async () => {
      others = []
      sources = []
      driver = setup.driver()
      await driver.connect()
      topic = topicNamed(`contract-${randomUUID()}`)
      expect(await driver.ensureTopics([topic])).toEqual([topic.address])
    })
    afterEach(async () => {
      await Promise.all(sources.map((source) => source.stop()))
      await Promise.all([driver, ...others].map((each) => each.close()))
    })

    const another = async (): Promise<LogDriver> => {
      const other = setup.driver()
      others.push(other)
      await other.connect()
      return other
    }
    const read = async (
      on: LogDriver,
      group: string,
      start: 'earliest' | 'latest' = 'earliest',
      of = topic,
      limit = Number.POSITIVE_INFINITY,
    ) => {
      const recorder = new RecordingIntake()
      recorder.limit = limit
      const source = on.source({ topic: of, group: `${group}-${of.address}`, start })
      sources.push(source)
      await source.start(recorder)
      return { source, recorder }
    }
    const fill = async (count: number, key: (n: number) => string | null = (n) => `k${n % 7}`) => {
      const sink = driver.sink(topic)
      for (let at = 0; at < count; at += 200)
        await Promise.all(
          Array.from({ length: Math.min(200, count - at) }, (_, n) =>
            sink.send(message(`m${at + n}`, key(at + n))),
          ),
        )
    }

    test('carries bytes, keys and headers; null, empty and absent stay apart', async () => {
      const sink = driver.sink(topic)
      const bytes = Buffer.from([0, 255, 10, 13])
      await sink.send({ ...message('x', 'k'), value: bytes, headers: { a: 'b', raw: bytes } })
      await sink.send({ ...message('x', 'k'), value: null })
      await sink.send({ ...message('x', 'k'), value: Buffer.alloc(0) })
      const { recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.seen.length === 3)
      const [first, second, third] = recorder.seen.map(({ message: m }) => m) as [
        LogMessage,
        LogMessage,
        LogMessage,
      ]
      expect(Buffer.from(first.value ?? [])).toEqual(bytes)
      expect(String(Buffer.from(first.key ?? []))).toBe('k')
      expect(String(first.headers['a'])).toBe('b')
      expect(Buffer.from(first.headers['raw'] as Uint8Array)).toEqual(bytes)
      expect(second.value).toBeNull()
      expect(third.value).toHaveLength(0)
      expect(first.timestamp).toBe(1_700_000_000_000)
    })

    test.each(['gzip', 'zstd', 'snappy', 'lz4'] as const)(
      'compresses with %s, and reads it',
      async (compression) => {
        const text = 'the same over and over '.repeat(200)
        await driver.sink({ ...topic, compression }).send(message(text, 'k'))
        const { recorder } = await read(driver, 'g')
        await eventually('the driver gets there', () => recorder.seen.length === 1)
        expect(String(Buffer.from(recorder.seen[0]?.message.value ?? []))).toBe(text)
      },
    )

    test('carries headers by any name, once or more often, empty or not', async () => {
      const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty', '', ' ', 'Ä😀', 'a']
      const entries = names.flatMap((name) => [
        [name, `of ${name}`] as const,
        [`${name}+`, [`1 of ${name}`, Buffer.from([0xff, 0x00]), '']] as const,
      ])
      const headers: Headers = Object.fromEntries([...entries, ['valueOf', ['a', 'b']] as const])
      await driver.sink(topic).send({ ...message('x'), headers })
      const { recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.seen.length === 1)
      const [found] = recorder.seen.map(({ message: m }) => Object.entries(m.headers))
      expect(new Map(found?.map(([name, value]) => [name, plain(value)]))).toEqual(
        new Map(Object.entries(headers).map(([name, value]) => [name, plain(value)])),
      )
    })

    test('writes CloudEvents headers for events of ours, and none for others', async () => {
      const sink = driver.sink(topic)
      await sink.send({ ...message('x', 'k'), type: 'thing', source: '/fleet/flow' })
      await sink.send(message('y', 'k'))
      const { recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.seen.length === 2)
      const [ours, other] = recorder.seen.map(({ message: { headers } }) => headers)
      expect(String(ours?.['ce_id'])).toBe('x')
      expect(String(ours?.['ce_type'])).toBe('thing')
      expect(String(ours?.['ce_source'])).toBe('/fleet/flow')
      expect(Object.keys(other ?? {})).toEqual([])
    })

    test('keeps the order of a partition, and a key in one partition', async () => {
      const sink = driver.sink(topic)
      for (let n = 0; n < 60; n++) await sink.send(message(`m${n}`, `k${n % 5}`))
      const { recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.seen.length === 60)
      for (let k = 0; k < 5; k++) {
        const mine = recorder.seen.filter(
          ({ message: { key } }) => String(Buffer.from(key ?? [])) === `k${k}`,
        )
        expect(new Set(mine.map(({ lane }) => lane.partition)).size).toBe(1)
        const numbers = mine.map(({ message: { value } }) =>
          Number(String(Buffer.from(value ?? [])).slice(1)),
        )
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
        const offsets = mine.map(({ message: { offset } }) => offset)
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
      }
    })

    test('a full intake is offered the rest in order, once there is room', async () => {
      await fill(500, () => 'one')
      const { recorder } = await read(driver, 'g', 'earliest', topic, 120)
      await eventually('the intake is full', () => recorder.seen.length === 120)
      recorder.free(Number.POSITIVE_INFINITY)
      await eventually('the driver gets there', () => recorder.seen.length >= 500)
      expect(recorder.texts()).toEqual(Array.from({ length: 500 }, (_, n) => `m${n}`))
    })

    test('a commit and its note come back with the next grant, and what is below is not read again', async () => {
      await fill(100)
      const { source, recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.seen.length === 100)
      const lane = recorder.lanes[0] as Lane
      const mine = recorder.seen.filter((entry) => entry.lane === lane).length
      await source.commit([{ lane, next: mine - 3, note: 'f1:AQE' }])
      await source.stop()
      expect(recorder.revoked).toHaveLength(4)
      const again = await read(driver, 'g')
      await eventually('the driver gets there', () => again.recorder.grants.length === 4)
      const grant = again.recorder.grants.find((entry) => entry.lane.partition === lane.partition)
      expect(grant).toMatchObject({ committed: mine - 3, note: 'f1:AQE' })
      const fresh = again.recorder.grants.filter((entry) => entry !== grant)
      expect(fresh.map(({ committed }) => committed)).toEqual([null, null, null])
      await eventually('the driver gets there', () => again.recorder.seen.length === 100 - mine + 3)
    })

    test('a commit during revoke is taken, one after it is refused with SLU5204', async () => {
      await fill(20)
      const { source, recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.seen.length === 20)
      const [lane] = recorder.lanes as [Lane]
      recorder.onRevoke = (lanes) =>
        source.commit(lanes.map((each) => ({ lane: each, next: 1, note: '' })))
      expect(lane.live()).toBe(true)
      await source.stop()
      expect(lane.live()).toBe(false)
      await expect(source.commit([{ lane, next: 2, note: '' }])).rejects.toMatchObject({
        code: 'SLU5204',
      })
      const again = await read(driver, 'g')
      await eventually('the driver gets there', () => again.recorder.grants.length === 4)
      expect(again.recorder.grants.map(({ committed }) => committed)).toEqual([1, 1, 1, 1])
    })

    test('two members share the lanes; joining and leaving revoke first', async () => {
      await fill(40)
      const first = await read(driver, 'g')
      await eventually('the driver gets there', () => first.recorder.lanes.length === 4)
      let drained = false
      first.recorder.onRevoke = async () => {
        await new Promise((resolve) => setImmediate(resolve))
        drained = true
      }
      const second = await read(await another(), 'g')
      await eventually(
        'the lanes are shared',
        () => first.recorder.lanes.length === 2 && second.recorder.lanes.length === 2,
      )
      expect(drained).toBe(true)
      const held = [...first.recorder.lanes, ...second.recorder.lanes].map(
        ({ partition }) => partition,
      )
      expect(held.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
      await second.source.stop()
      await eventually('the driver gets there', () => first.recorder.lanes.length === 4)
      expect(second.recorder.lanes).toEqual([])
    })

    test('a member that stops before it was granted anything leaves nothing behind', async () => {
      await fill(40)
      const first = await read(driver, 'g')
      await eventually('the driver gets there', () => first.recorder.lanes.length === 4)
      // The others wait for this one before they let anybody in.
      const drained = Promise.withResolvers<void>()
      first.recorder.onRevoke = () => drained.promise
      const hasty = await read(await another(), 'g')
      const stopped = hasty.source.stop()
      drained.resolve()
      await stopped
      await eventually(
        'the first has everything again',
        () => first.recorder.lanes.length === 4 && hasty.recorder.lanes.length === 0,
      )
      const before = first.recorder.seen.length
      await fill(40)
      await eventually('all lanes move', () => first.recorder.seen.length >= before + 40)
      expect(hasty.recorder.seen).toEqual([])
    })

    test('two groups both read everything', async () => {
      await fill(30)
      const [one, two] = [await read(driver, 'g1'), await read(driver, 'g2')]
      await eventually(
        'the driver gets there',
        () => one.recorder.seen.length === 30 && two.recorder.seen.length === 30,
      )
      expect(one.recorder.texts().toSorted()).toEqual(two.recorder.texts().toSorted())
    })

    test('a group without offsets starts where it says', async () => {
      await fill(10)
      const late = await read(driver, 'late', 'latest')
      await eventually('the driver gets there', async () => (await late.source.backlog()) === 0)
      const early = await read(driver, 'early')
      await eventually('the driver gets there', () => early.recorder.seen.length === 10)
      // The end is fixed by the first fetch: messages sent until then count as old.
      await eventually('the driver gets there', async () => {
        await driver.sink(topic).send(message('new', 'k'))
        return late.recorder.seen.length > 0
      })
      expect(new Set(late.recorder.texts())).toEqual(new Set(['new']))
    })

    test('the backlog reaches zero when everything was offered', async () => {
      await fill(100)
      const { source, recorder } = await read(driver, 'g')
      await eventually('the driver gets there', async () => (await source.backlog()) === 0)
      expect(recorder.seen).toHaveLength(100)
      expect(source.progress().size).toBe(4)
    })

    test('rejects what is too large with SLU5203, and nothing else', async () => {
      const sink = driver.sink(topic)
      const large = { ...message('large', 'k'), value: Buffer.alloc(2_000_000) }
      const outcomes = await Promise.allSettled([
        sink.send(message('a', 'k')),
        sink.send(large),
        sink.send(message('b', 'k')),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'SLU5203' })
      const { recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.seen.length === 2)
      expect(recorder.texts().toSorted()).toEqual(['a', 'b'])
    })

    test('a topic may take more, if it says so', async () => {
      const wide = topicNamed(`contract-${randomUUID()}`, { maxBytes: 4 * 1024 * 1024 })
      await driver.ensureTopics([wide])
      await driver
        .sink(wide)
        .send({ ...message('large', 'k'), value: Buffer.alloc(2_000_000, 'x') })
      const { recorder } = await read(driver, 'g', 'earliest', wide)
      await eventually('the driver gets there', () => recorder.seen.length === 1)
      expect(recorder.seen[0]?.message.value).toHaveLength(2_000_000)
    })

    test('rejects what goes to a topic that is not there, and its neighbours arrive', async () => {
      const missing = driver.sink(topicNamed(`contract-missing-${randomUUID()}`))
      const outcomes = await Promise.allSettled([
        driver.sink(topic).send(message('a', 'k')),
        missing.send(message('b', 'k')),
        driver.sink(topic).send(message('c', 'k')),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'SLU5205' })
    })

    test('creates topics that are missing, once, and changes none that exists', async () => {
      expect(await driver.ensureTopics([topic])).toEqual([])
      expect(await driver.ensureTopics([{ ...topic, partitions: 9 }])).toEqual([])
      const { recorder } = await read(driver, 'g')
      await eventually('the driver gets there', () => recorder.lanes.length > 0)
      expect(recorder.lanes).toHaveLength(4)
    })

    test('is up, answers pings, and closes twice', async () => {
      const other = await another()
      expect(other.isUp()).toBe(true)
      await other.ping()
      await other.whenUp()
      await other.close()
      await other.close()
      expect(other.isUp()).toBe(false)
      await expect(other.sink(topic).send(message('x'))).rejects.toMatchObject({ code: 'SLU5201' })
    })
  })
}
