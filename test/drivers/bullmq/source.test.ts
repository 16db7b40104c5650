// A worker whose Redis is cut off, falls silent or forgets its locks, and one that stops taking jobs: each is noticed, and made anew.
import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { QueueMessage } from '../../../workers/core/message.ts'
import { createBullmqDriver } from '../../../workers/drivers/bullmq/index.ts'
import { JobWorker } from '../../../workers/drivers/bullmq/job-worker.ts'
import { jobOf, jobsAt } from '../../contract/jobs.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { fastWorld } from '../../support/fast-world.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { RecordingIntake } from '../../support/recording-intake.ts'
import { openRedisView, redisSettings } from '../../support/redis.ts'
import { createTcpProxy } from '../../support/tcp-proxy.ts'

async function working(world = systemWorld, prefetch = 10) {
  const proxy = await createTcpProxy(redisSettings())
  const view = await openRedisView()
  const jobs = jobsAt(`faults-${randomUUID()}`)
  const queue = new Queue(jobs.address, { connection: view })
  const log = recordedLog()
  const driver = createBullmqDriver(
    { ...redisSettings(), host: proxy.host, port: proxy.port },
    { world, log, origin: 'connection hot (pipelines/fleet.yaml:6)', clientId: 'faults' },
  )
  onTestFinished(async () => {
    await driver.close()
    await proxy.close()
    await queue.obliterate({ force: true })
    view.disconnect()
  })
  await driver.connect()
  const intake = new RecordingIntake()
  const source = driver.source({ jobs, prefetch })
  await source.start(intake)
  const sink = driver.sink(jobs)
  const ids = () => intake.seen.map(({ message }) => (message as QueueMessage).id)
  return { proxy, view, queue, log, driver, source, sink, intake, ids, jobs }
}

describe('a worker that is cut off', () => {
  it('loses its lane, takes what it had back at once, and completes what was done', async () => {
    const { proxy, queue, source, sink, intake, ids } = await working()
    for (const id of ['a', 'b', 'c']) await sink.send(jobOf(id))
    await eventually('all were handed over', () => intake.seen.length === 3)
    const [first] = intake.seen
    // What is done is told to a Redis that is not there any more.
    proxy.cut()
    source.ack(first?.lane as never, first?.message.offset as number)
    await eventually('the lane is gone', () => intake.gone.length === 1)
    expect(first?.lane.live()).toBe(false)
    await eventually('the rest came again', () => intake.seen.length >= 5)
    expect(new Set(ids().slice(3))).toEqual(new Set(['b', 'c']))
    expect(intake.seen.slice(3).every(({ message }) => (message as QueueMessage).redelivered)).toBe(
      true,
    )
    await eventually('the first is completed', async () => (await queue.getCompletedCount()) === 1)
    expect(await queue.getFailedCount()).toBe(0)
  })

  it('starts nothing under locks that it could not renew', async () => {
    const { proxy, sink, intake } = await working(fastWorld(10))
    await sink.send(jobOf('a'))
    await eventually('it was handed over', () => intake.seen.length === 1)
    const [seen] = intake.seen
    proxy.blackhole()
    await eventually('the lane is dead', () => seen?.lane.live() === false)
    await proxy.restore()
    await eventually('there is another lane', () => intake.grants.length === 2)
    expect(intake.grants.map(({ lane }) => lane.live())).toEqual([false, true])
  })
})

describe('a worker that loses a lock', () => {
  it('gives its lane up, and the job is done again', async () => {
    const { view, source, sink, intake, ids, jobs } = await working()
    await sink.send(jobOf('a'))
    await eventually('it was handed over', () => intake.seen.length === 1)
    source.note('a', { attempt: 4, done: ['alert'] })
    // As if this process had stood still for longer than the lock lives.
    await view.set(`bull:${jobs.address}:a:lock`, 'another', 'PX', 50)
    await eventually('the lane is gone', () => intake.gone.length === 1)
    // BullMQ looks for stalled jobs now and then, and takes two looks at each.
    await eventually('the job came again', () => ids().length === 2, 45_000)
    expect(ids()).toEqual(['a', 'a'])
    expect(intake.seen[1]?.message.parked).toEqual({ attempt: 4, done: ['alert'] })
  })
})

describe('a worker that stops taking jobs although its connection is fine', () => {
  it('is made anew, and says why', async () => {
    const real = JobWorker.prototype.getNextJob
    let wedged = true
    JobWorker.prototype.getNextJob = function next(this: JobWorker, ...asked) {
      return wedged ? new Promise(() => {}) : real.apply(this, asked)
    }
    onTestFinished(() => {
      JobWorker.prototype.getNextJob = real
    })
    const { sink, intake, log, source } = await working(fastWorld(20))
    await sink.send(jobOf('a'))
    await eventually('it is known to starve', () =>
      [...source.progress().values()].some(({ caughtUp }) => !caughtUp),
    )
    wedged = false
    await eventually('the job was handed over', () => intake.seen.length === 1)
    expect(intake.grants.length).toBeGreaterThan(1)
    const said = log.lines.map(({ fields }) => String(fields['err'])).join()
    expect(said).toMatch(/the next job was asked for \d+ s ago/)
  })
})
