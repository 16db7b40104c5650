// A Redis that is cut off, full, killed, or no place for jobs: nothing confirmed is lost, and nothing is entrusted to one that forgets.
import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRedis } from '../../../infra/brokers/index.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { QueueMessage } from '../../../workers/core/message.ts'
import { createBullmqDriver } from '../../../workers/drivers/bullmq/index.ts'
import { jobOf, jobsAt } from '../../contract/jobs.contract.ts'
import { rejectionOf } from '../../contract/queue.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { RecordingIntake } from '../../support/recording-intake.ts'
import { openRedisView, redisSettings } from '../../support/redis.ts'
import { createTcpProxy } from '../../support/tcp-proxy.ts'

const ORIGIN = 'connection hot (pipelines/fleet.yaml:6)'

function driverOf(settings: ReturnType<typeof redisSettings>) {
  const driver = createBullmqDriver(settings, {
    world: systemWorld,
    log: recordedLog(),
    origin: ORIGIN,
    clientId: 'faults',
  })
  onTestFinished(() => driver.close())
  return driver
}

const queueOf = (address: string, connection: Awaited<ReturnType<typeof openRedisView>>) =>
  new Queue(address, { connection })

async function ownRedis() {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const settings = { host: '127.0.0.1', port: redis.port, password: undefined }
  const view = await openRedisView(settings)
  onTestFinished(() => view.disconnect())
  return { redis, settings, view }
}

describe('a Redis that is away', () => {
  it('is an outage for all that is under way, and has each job once when it is back', async () => {
    const proxy = await createTcpProxy(redisSettings())
    const view = await openRedisView()
    const jobs = jobsAt(`faults-${randomUUID()}`)
    const queue = queueOf(jobs.address, view)
    onTestFinished(async () => {
      await proxy.close()
      await queue.obliterate({ force: true })
      view.disconnect()
    })
    const driver = driverOf({ ...redisSettings(), host: proxy.host, port: proxy.port })
    await driver.connect()
    const sink = driver.sink(jobs)
    const ids = Array.from({ length: 300 }, (_, index) => `e${index}`)
    for (let round = 0; round < 3; round++) {
      const sends = ids.map((id) => sink.send(jobOf(id)))
      proxy.cut()
      for (const outcome of await Promise.allSettled(sends))
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ outage: true })
      await driver.whenUp()
    }
    await Promise.all(ids.map((id) => sink.send(jobOf(id))))
    const stored = await queue.getJobs(['wait'])
    expect(stored).toHaveLength(ids.length)
    expect(new Set(stored.map(({ id }) => id))).toEqual(new Set(ids))
  })

  it('still has what it confirmed before it was killed', async () => {
    const { redis, settings, view } = await ownRedis()
    const driver = driverOf(settings)
    await driver.connect()
    const jobs = jobsAt('trainings')
    const sink = driver.sink(jobs)
    for (let n = 0; n < 50; n++) await sink.send(jobOf(`e${n}`))
    await redis.kill('SIGKILL')
    await eventually('the loss is noticed', () => !driver.isUp())
    expect(await rejectionOf(sink.send(jobOf('meanwhile')))).toMatchObject({ outage: true })
    await redis.restart()
    await driver.whenUp()
    await sink.send(jobOf('after'))
    expect(await queueOf(jobs.address, view).getWaitingCount()).toBe(51)
  })
})

describe('a Redis that takes no jobs', () => {
  it('is an outage while it is full, and no failure of the job', async () => {
    const { settings, view } = await ownRedis()
    const driver = driverOf(settings)
    await driver.connect()
    const sink = driver.sink(jobsAt('trainings'))
    await sink.send(jobOf('before'))
    await view.config('SET', 'maxmemory', '1mb')
    const error = await rejectionOf(sink.send(jobOf('e1')))
    expect(error).toMatchObject({ code: 'SLU5408', outage: true })
    expect(error.message).toContain('OOM')
    expect(driver.isUp()).toBe(true)
    await view.config('SET', 'maxmemory', '0')
    await sink.send(jobOf('e1'))
    expect(await queueOf('trainings', view).getWaitingCount()).toBe(2)
  })
})

describe('a Redis that takes no writes for a while', () => {
  it('has what was done as completed afterwards, and other jobs are taken in its place', async () => {
    const { settings, view } = await ownRedis()
    const driver = driverOf(settings)
    await driver.connect()
    const jobs = jobsAt('trainings')
    for (const id of ['a', 'b', 'c']) await driver.sink(jobs).send(jobOf(id))
    const intake = new RecordingIntake()
    const source = driver.source({ jobs, prefetch: 2 })
    await source.start(intake)
    await eventually('as many as may be were handed over', () => intake.seen.length === 2)
    await view.config('SET', 'min-replicas-to-write', '1')
    for (const { lane, message } of intake.seen) source.ack(lane, message.offset)
    await eventually('it refused', async () => Number(await refusals(view)) >= 2)
    await view.config('SET', 'min-replicas-to-write', '0')
    await eventually('the third was handed over', () => intake.seen.length >= 3)
    expect(intake.seen.map(({ message }) => (message as QueueMessage).id)).toEqual(['a', 'b', 'c'])
    expect(await queueOf(jobs.address, view).getCompletedCount()).toBe(2)
  })

  it('has what was done as completed, although the worker leaves meanwhile', async () => {
    const { settings, view } = await ownRedis()
    const driver = driverOf(settings)
    await driver.connect()
    const jobs = jobsAt('trainings')
    await driver.sink(jobs).send(jobOf('a'))
    const intake = new RecordingIntake()
    const source = driver.source({ jobs, prefetch: 2 })
    await source.start(intake)
    await eventually('it was handed over', () => intake.seen.length === 1)
    await view.config('SET', 'min-replicas-to-write', '1')
    const [first] = intake.seen
    source.ack(first?.lane as never, first?.message.offset as number)
    await eventually('it refused', async () => Number(await refusals(view)) >= 1)
    const stopped = source.stop()
    await view.config('SET', 'min-replicas-to-write', '0')
    await stopped
    const queue = queueOf(jobs.address, view)
    expect([await queue.getCompletedCount(), await queue.getWaitingCount()]).toEqual([1, 0])
  })
})

/** How many writes were refused. */
async function refusals(view: Awaited<ReturnType<typeof openRedisView>>): Promise<string> {
  const said = await view.info('errorstats')
  return /errorstat_NOREPLICAS:count=(\d+)/.exec(said)?.[1] ?? '0'
}

describe('a Redis that is no place for jobs', () => {
  it.each([
    ['maxmemory-policy', 'allkeys-lru', 'noeviction', 'SLU5406'],
    ['appendonly', 'no', 'yes', 'SLU5407'],
  ])('is refused with %s %s, until that is mended', async (name, bad, good, code) => {
    const { settings, view } = await ownRedis()
    await view.config('SET', name, bad)
    const driver = driverOf(settings)
    const error = await rejectionOf(driver.connect())
    expect(error).toMatchObject({ code, outage: true })
    expect(error.message).toContain(ORIGIN)
    expect(driver.isUp()).toBe(false)
    await view.config('SET', name, good)
    await driver.whenUp()
    await driver.sink(jobsAt('trainings')).send(jobOf('e1'))
  })
})
