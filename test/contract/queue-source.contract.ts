// What every source of a queue driver promises, embedded or real; the same cases for all of them.
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Queue, QueueDriver, QueueSource } from '../../workers/core/contract.ts'
import type { QueueMessage } from '../../workers/core/message.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { messageOf, queueNamed } from './queue.contract.ts'

export interface QueueSourceSetup {
  /** A new driver, not connected. */
  driver(log: ReturnType<typeof recordedLog>): QueueDriver
  remove(addresses: readonly string[]): Promise<void>
}

export function queueSourceContract(name: string, setup: QueueSourceSetup): void {
  describe(`queue source contract: ${name}`, () => {
    const drivers: QueueDriver[] = []
    const addresses: string[] = []
    const connected = async () => {
      const driver = setup.driver(recordedLog())
      drivers.push(driver)
      await driver.connect()
      return driver
    }
    /** A queue that is there, with messages on it. */
    const withQueue = async (ids: readonly string[], more: Partial<Queue> = {}) => {
      const driver = await connected()
      const queue = { ...queueNamed(`source-${randomUUID()}`), ...more }
      addresses.push(queue.address)
      await driver.ensureQueues([queue])
      const sink = driver.sink(queue)
      for (const id of ids) await sink.send(messageOf(id))
      return { driver, queue, sink }
    }
    const reading = async (driver: QueueDriver, queue: Queue, prefetch = 100) => {
      const intake = new RecordingIntake()
      const source = driver.source({ queue, prefetch })
      await source.start(intake)
      return { intake, source }
    }
    const ackAll = (source: QueueSource, intake: RecordingIntake) => {
      for (const { lane, message } of intake.seen) source.ack(lane, message.offset)
    }
    const numbered = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`)
    const allSeen = (intake: RecordingIntake, count: number) =>
      eventually(
        `${count} messages, ${intake.seen.length} so far`,
        () => intake.seen.length >= count,
      )

    afterEach(async () => {
      await Promise.all(drivers.splice(0).map((driver) => driver.close()))
      await setup.remove(addresses.splice(0))
    })

    it('grants one lane, and hands over what stands on the queue, oldest first, as it was sent', async () => {
      const { driver, queue, sink } = await withQueue(numbered(20))
      await sink.send({
        ...messageOf('full', 'body of it'),
        key: Buffer.from('user 7 ü'),
        headers: { 'x-text': 'grün', 'x-many': ['a', 'b'], 'x-bytes': Buffer.from([0xff, 0x00]) },
        type: 'scored',
        source: '/shop/billing',
      })
      const { intake } = await reading(driver, queue)
      await allSeen(intake, 21)
      expect(intake.grants).toMatchObject([{ committed: null, note: '' }])
      expect(intake.grants[0]?.lane).toMatchObject({ id: 'alerts', partition: 0 })
      expect(intake.grants[0]?.lane.live()).toBe(true)
      expect(intake.texts()).toEqual([...numbered(20), 'body of it'])
      const places = intake.seen.map(({ message }) => message.offset)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      const { message } = intake.seen[20] as (typeof intake.seen)[number]
      expect(message as QueueMessage).toMatchObject({
        key: Buffer.from('user 7 ü'),
        id: 'full',
        type: 'scored',
        source: '/shop/billing',
        redelivered: false,
        timestamp: 1_700_000_000_000,
      })
      expect(message.headers).toMatchObject({
        'x-text': 'grün',
        'x-many': ['a', 'b'],
        'x-bytes': Buffer.from([0xff, 0x00]),
      })
      expect(intake.seen[0]?.message.key).toBeNull()
    })

    it('forgets what is acknowledged, and hands over the rest again, as redelivered', async () => {
      const { driver, queue } = await withQueue(numbered(10))
      const first = await reading(driver, queue)
      await allSeen(first.intake, 10)
      for (const { lane, message } of first.intake.seen.filter((_, n) => n % 2 === 0))
        first.source.ack(lane, message.offset)
      await first.source.stop()
      expect(first.intake.revoked).toHaveLength(1)
      expect(first.intake.gone).toEqual([])
      const second = await reading(driver, queue)
      await allSeen(second.intake, 5)
      expect(second.intake.texts()).toEqual(['m1', 'm3', 'm5', 'm7', 'm9'])
      expect(second.intake.seen.every(({ message }) => (message as QueueMessage).redelivered)).toBe(
        true,
      )
    })

    it('takes acknowledgements until a drain is over, and hands over nothing meanwhile', async () => {
      const { driver, queue, sink } = await withQueue(['a', 'b'])
      const { intake, source } = await reading(driver, queue)
      await allSeen(intake, 2)
      intake.onRevoke = async () => {
        await sink.send(messageOf('late'))
        ackAll(source, intake)
      }
      await source.stop()
      await source.stop()
      expect(intake.texts()).toEqual(['a', 'b'])
      const next = await reading(driver, queue)
      await allSeen(next.intake, 1)
      expect(next.intake.texts()).toEqual(['late'])
    })

    it('has no more than its prefetch unsettled', async () => {
      const { driver, queue } = await withQueue(numbered(7))
      const { intake, source } = await reading(driver, queue, 3)
      await allSeen(intake, 3)
      expect(await source.backlog()).toBe(4)
      expect(intake.seen).toHaveLength(3)
      source.ack(intake.seen[1]?.lane as never, intake.seen[1]?.message.offset as number)
      await allSeen(intake, 4)
      for (let known = 4; known < 7; known++) {
        const last = intake.seen[known - 1] as (typeof intake.seen)[number]
        source.ack(last.lane, last.message.offset)
        await allSeen(intake, known + 1)
      }
      expect(intake.texts()).toEqual(numbered(7))
    })

    it('keeps what the intake has no room for, in order', async () => {
      const { driver, queue } = await withQueue(numbered(9))
      const intake = new RecordingIntake()
      intake.limit = 2
      await driver.source({ queue, prefetch: 50 }).start(intake)
      await allSeen(intake, 2)
      intake.free(5)
      await allSeen(intake, 5)
      intake.free(Infinity)
      await allSeen(intake, 9)
      expect(intake.texts()).toEqual(numbered(9))
    })

    it('shares a queue with others, each message once', async () => {
      const { driver, queue, sink } = await withQueue([])
      const one = await reading(driver, queue)
      const two = await reading(await connected(), queue)
      await eventually('both hold a lane', () =>
        [one, two].every(({ intake }) => intake.lanes.length === 1),
      )
      await Promise.all(numbered(40).map((id) => sink.send(messageOf(id))))
      await eventually(
        'everything arrived',
        () => one.intake.seen.length + two.intake.seen.length === 40,
      )
      expect(one.intake.seen.length).toBeGreaterThan(5)
      expect(two.intake.seen.length).toBeGreaterThan(5)
      expect(new Set([...one.intake.texts(), ...two.intake.texts()]).size).toBe(40)
    })

    it('gives a queue with a single active consumer to one, and to the next when that one is gone', async () => {
      const { driver, queue, sink } = await withQueue([], { singleActiveConsumer: true })
      const one = await reading(driver, queue)
      await eventually('it holds the queue', () => one.intake.lanes.length === 1)
      await sink.send(messageOf('probe'))
      await allSeen(one.intake, 1)
      const two = await reading(await connected(), queue)
      for (const id of numbered(10)) await sink.send(messageOf(id))
      await allSeen(one.intake, 11)
      expect(two.intake.seen).toEqual([])
      one.source.ack(
        one.intake.seen[0]?.lane as never,
        one.intake.seen[0]?.message.offset as number,
      )
      await one.source.stop()
      await allSeen(two.intake, 10)
      expect(two.intake.texts()).toEqual(numbered(10))
    })

    it('says how much is left, and that it stands at the end', async () => {
      const { driver, queue, sink } = await withQueue(numbered(3))
      const source = driver.source({ queue, prefetch: 10 })
      expect(await source.backlog()).toBeUndefined()
      expect(source.progress().size).toBe(0)
      const intake = new RecordingIntake()
      await source.start(intake)
      await allSeen(intake, 3)
      ackAll(source, intake)
      expect(await source.backlog()).toBe(0)
      expect([...source.progress()]).toMatchObject([['alerts', { caughtUp: true }]])
      await sink.send(messageOf('one more'))
      await allSeen(intake, 4)
    })

    describe('a queue whose messages wait', () => {
      const WAIT_MS = 700
      const waiting = async () => {
        const driver = await connected()
        const due = { ...queueNamed(`due-${randomUUID()}`), schema: undefined, parked: true }
        const tier = {
          ...due,
          address: `${due.address}.700ms`,
          waits: { ms: WAIT_MS, then: due.address },
        }
        addresses.push(due.address, tier.address)
        await driver.ensureQueues([due, tier])
        return { driver, due, tier }
      }

      it('hands each over to another one in its time, oldest first, as it was sent', async () => {
        const { driver, due, tier } = await waiting()
        const { intake } = await reading(driver, due)
        const since = systemWorld.clock.monotonic()
        for (const id of numbered(20)) await driver.sink(tier).send(messageOf(id))
        await driver.sink(tier).send({
          ...messageOf('full', 'body of it'),
          key: Buffer.from('user 7'),
          headers: { 'x-text': 'grün' },
          type: 'scored',
          source: '/shop/billing',
        })
        await allSeen(intake, 21)
        expect(systemWorld.clock.monotonic() - since).toBeGreaterThanOrEqual(WAIT_MS)
        expect(intake.texts()).toEqual([...numbered(20), 'body of it'])
        const { message } = intake.seen[20] as (typeof intake.seen)[number]
        expect(message as QueueMessage).toMatchObject({
          key: Buffer.from('user 7'),
          id: 'full',
          type: 'scored',
          source: '/shop/billing',
        })
        expect(message.headers).toMatchObject({ 'x-text': 'grün' })
      })

      it('is stopped by nothing that a sender claims of earlier deaths', async () => {
        const { driver, due, tier } = await waiting()
        const { intake } = await reading(driver, due)
        const forged = { 'x-death': ['[]', 'x'], 'x-first-death-queue': due.address }
        await driver.sink(tier).send({ ...messageOf('forged'), headers: forged })
        await driver.sink(tier).send(messageOf('behind it'))
        await allSeen(intake, 2)
        expect(intake.texts()).toEqual(['forged', 'behind it'])
      })

      it('is a part of what is left for whoever reads the other one, until that has it', async () => {
        const { driver, due, tier } = await waiting()
        const intake = new RecordingIntake()
        const source = driver.source({ queue: due, prefetch: 10, feeders: [tier] })
        await source.start(intake)
        for (const id of ['a', 'b']) await driver.sink(tier).send(messageOf(id))
        await eventually('both wait', async () => (await source.backlog()) === 2)
        const meanwhile: (number | undefined)[] = []
        await eventually('both have come', async () => {
          const left = await source.backlog()
          if (intake.seen.length < 2) meanwhile.push(left)
          return intake.seen.length === 2
        })
        expect(meanwhile.filter((left) => left === 0)).toEqual([])
        ackAll(source, intake)
        await eventually('nothing is left', async () => (await source.backlog()) === 0)
      })
    })

    it('waits for a queue that is not there yet', async () => {
      const driver = await connected()
      const queue = queueNamed(`source-${randomUUID()}`)
      addresses.push(queue.address)
      const { intake } = await reading(driver, queue)
      expect(intake.grants).toEqual([])
      await driver.ensureQueues([queue])
      await driver.sink(queue).send(messageOf('first'))
      await allSeen(intake, 1)
      expect(intake.texts()).toEqual(['first'])
    })

    it('of one lane acknowledges nothing in another', async () => {
      const { driver, queue } = await withQueue(['a'])
      const first = await reading(driver, queue)
      await allSeen(first.intake, 1)
      const { lane, message } = first.intake.seen[0] as (typeof first.intake.seen)[number]
      await first.source.stop()
      first.source.ack(lane, message.offset)
      expect(lane.live()).toBe(false)
      const second = await reading(driver, queue)
      await allSeen(second.intake, 1)
      second.source.ack(lane, message.offset)
      await second.source.stop()
      const third = await reading(driver, queue)
      await allSeen(third.intake, 1)
    })
  })
}
