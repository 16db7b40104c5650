// What every inspector promises, embedded or real: it sees what the drivers of the same broker did, and changes nothing by looking.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  Driver,
  JobDriver,
  LogDriver,
  QueueDriver,
  Topic,
} from '../../workers/core/contract.ts'
import type {
  JobsInspector,
  KafkaInspector,
  RabbitmqInspector,
  RedisInspector,
} from '../../workers/core/facts.ts'
import { eventually } from '../support/eventually.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { jobOf, jobsAt } from './jobs.contract.ts'
import { topicNamed } from './log.contract.ts'
import { messageOf, queueNamed } from './queue.contract.ts'

const WITHIN_MS = 20_000

export interface RedisSetup {
  readonly redis: () => RedisInspector
  readonly jobs: () => JobsInspector
  readonly driver: () => JobDriver
  remove(addresses: readonly string[]): Promise<void>
}
export interface QueueSetup {
  readonly inspector: () => RabbitmqInspector
  readonly driver: () => QueueDriver
  remove(addresses: readonly string[]): Promise<void>
}
export interface TopicSetup {
  readonly inspector: () => KafkaInspector
  readonly driver: () => LogDriver
}

/** Both looked with the same eyes: an inspector, and a driver that makes something to look at. */
function together<I extends { close(): Promise<void> }, D extends Driver>(
  inspector: () => I,
  driver: () => D,
): { readonly inspector: I; readonly driver: D } {
  const made = {} as { inspector: I; driver: D }
  beforeAll(async () => {
    made.inspector = inspector()
    made.driver = driver()
    await made.driver.connect()
  })
  afterAll(async () => {
    await made.driver.close()
    await made.inspector.close()
    await made.inspector.close()
  })
  return made
}

export function redisInspectorContract(name: string, setup: RedisSetup): void {
  describe(`inspector contract: ${name}`, () => {
    const made = together(setup.jobs, setup.driver)
    const address = `contract-${randomUUID()}`
    afterAll(() => setup.remove([address]))

    it('tells of memory, persistence and its place in a cluster', async () => {
      const redis = setup.redis()
      const facts = await redis.look(undefined, WITHIN_MS)
      await redis.close()
      expect(facts).toMatchObject({
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
        memory: { limitBytes: null, policy: 'noeviction' },
        persistence: { lastWriteOk: true, loading: false },
        cluster: { role: 'master', replicas: 0 },
      })
      expect(facts.cluster.enabled).toBe(facts.shards !== null)
      expect(facts.latencyMs).toBeGreaterThanOrEqual(0)
      expect(facts.memory.usedBytes).toBeGreaterThanOrEqual(0)
    })

    it('counts jobs by their state, and takes none', async () => {
      const { inspector, driver } = made
      const sink = driver.sink(jobsAt(address))
      await sink.send(jobOf('a'))
      await sink.send(jobOf('b', { delayMs: 0, priority: 1 }))
      await sink.send(jobOf('c', { delayMs: 60_000, priority: undefined }))
      const wanted = [{ name: 'trainings', address }]
      const counts = { name: 'trainings', address, waiting: 2, active: 0, delayed: 1, failed: 0 }
      for (let times = 0; times < 2; times++)
        expect((await inspector.look(wanted, WITHIN_MS)).jobs).toEqual([counts])
    })

    it('counts none where nobody ever sent one', async () => {
      const nowhere = { name: 'nowhere', address: `contract-${randomUUID()}` }
      const { jobs } = await made.inspector.look([nowhere], WITHIN_MS)
      expect(jobs).toEqual([{ ...nowhere, waiting: 0, active: 0, delayed: 0, failed: 0 }])
    })
  })
}

export function queueInspectorContract(name: string, setup: QueueSetup): void {
  describe(`inspector contract: ${name}`, () => {
    const made = together(setup.inspector, setup.driver)
    const queue = queueNamed(`contract-${randomUUID()}`, 'classic')
    afterAll(() => setup.remove([queue.address]))

    it('tells which queues and exchanges are there, and what stands in them', async () => {
      const { inspector, driver } = made
      const { name: known, address } = queue
      const none = { name: 'none', address: `contract-${randomUUID()}` }
      const wanted = { queues: [queue, none], exchanges: [none.address] }
      const before = await inspector.look(wanted, WITHIN_MS)
      expect(before.missingExchanges).toEqual([none.address])
      expect(before.queues.map(({ there }) => there)).toEqual([false, false])
      await driver.ensureQueues([queue])
      const sink = driver.sink(queue)
      await sink.send(messageOf('1'))
      await sink.send(messageOf('2'))
      const { queues } = await inspector.look(wanted, WITHIN_MS)
      expect(queues).toMatchObject([
        { name: known, address, there: true, ready: 2, consumers: 0 },
        { ...none, there: false, ready: 0, consumers: 0 },
      ])
    })

    it('tells how fast messages come, if somebody counts them', async () => {
      const { inspector, driver } = made
      const slow = queueNamed(`${queue.address}-rate`, 'classic')
      await driver.ensureQueues([slow])
      const look = () => inspector.look({ queues: [slow], exchanges: [] }, WITHIN_MS)
      if (inspector.driver === 'embedded') {
        expect((await look()).queues).toMatchObject([{ rates: null }])
        return
      }
      // Counted every few seconds.
      const facts = await eventually(
        'it is counted',
        async () => {
          await driver.sink(slow).send(messageOf('1'))
          const rates = (await look()).queues[0]?.rates ?? undefined
          return rates !== undefined && rates.in > 0 ? rates : undefined
        },
        30_000,
      )
      expect(facts.out).toBe(0)
      await setup.remove([slow.address])
    })

    it('counts consumers and what they hold', async () => {
      const { inspector, driver } = made
      const source = driver.source({ queue, prefetch: 10 })
      const intake = new RecordingIntake()
      await source.start(intake)
      await eventually('both are taken', () => intake.seen.length === 2)
      const look = () => inspector.look({ queues: [queue], exchanges: [] }, WITHIN_MS)
      // What the management API knows is seconds old.
      const facts = await eventually('they are seen', async () => {
        const { queues } = await look()
        return queues[0]?.unacknowledged === 0 ? undefined : queues[0]
      })
      expect(facts).toMatchObject({ ready: 0, unacknowledged: 2, consumers: 1 })
      await source.stop()
    })
  })
}

export function topicInspectorContract(name: string, setup: TopicSetup): void {
  describe(`inspector contract: ${name}`, () => {
    const made = together(setup.inspector, setup.driver)
    const topic: Topic = topicNamed(`contract-${randomUUID()}`, { partitions: 2 })
    const group = (id: string, start: 'earliest' | 'latest') => ({
      name: id,
      address: `${id}-${topic.address}`,
      topic,
      start,
    })
    const send = async (count: number) => {
      const sink = made.driver.sink(topic)
      for (let n = 0; n < count; n++) await sink.send({ ...messageOf(`m${n}`), key: null })
    }

    it('tells that a topic is not there, and leaves its groups out', async () => {
      const { topics, groups } = await made.inspector.look(
        { topics: [topic], groups: [group('early', 'earliest')] },
        WITHIN_MS,
      )
      const { name: known, address } = topic
      expect(topics).toEqual([
        { name: known, address, partitions: 0, leaderless: [], underReplicated: [] },
      ])
      expect(groups).toEqual([])
    })

    it('is behind from where a group would start, without a group by looking', async () => {
      await made.driver.ensureTopics([topic])
      await send(5)
      const wanted = {
        topics: [topic],
        groups: [group('early', 'earliest'), group('late', 'latest')],
      }
      for (let times = 0; times < 2; times++) {
        const { topics, groups } = await made.inspector.look(wanted, WITHIN_MS)
        expect(topics).toMatchObject([{ partitions: 2, leaderless: [], underReplicated: [] }])
        expect(groups).toMatchObject([
          { name: 'early', topic: topic.name, state: 'Dead', members: 0, lag: 5 },
          { name: 'late', topic: topic.name, state: 'Dead', members: 0, lag: 0 },
        ])
        expect(groups[0]?.partitions.map(({ committed }) => committed)).toEqual([null, null])
      }
    })

    it('knows members, commits and what is left, partition by partition', async () => {
      const { inspector, driver } = made
      const early = group('early', 'earliest')
      const source = driver.source({ topic, group: early.address, start: early.start })
      const intake = new RecordingIntake()
      await source.start(intake)
      await eventually('all are offered', () => intake.seen.length === 5)
      const [lane] = intake.lanes
      if (lane === undefined) throw new Error('no lane was granted')
      await source.commit([{ lane, next: 1, note: '' }])
      const { groups } = await inspector.look({ topics: [topic], groups: [early] }, WITHIN_MS)
      expect(groups).toMatchObject([{ state: 'Stable', members: 1, lag: 4 }])
      const committed = groups[0]?.partitions.find(({ partition }) => partition === lane.partition)
      expect(committed).toMatchObject({ committed: 1 })
      expect((committed?.lag ?? 0) + 1).toBe(committed?.end)
      await source.stop()
      const left = await eventually('the group is empty', async () => {
        const look = await inspector.look({ topics: [topic], groups: [early] }, WITHIN_MS)
        return look.groups[0]?.members === 0 ? look.groups[0] : undefined
      })
      expect(left).toMatchObject({ state: 'Empty', lag: 4 })
    })
  })
}
