// What every job driver promises, embedded or real; the same cases for all of them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobDriver, Jobs, JobTerms, OutMessage } from '../../workers/core/contract.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { rejectionOf } from './queue.contract.ts'

/** A job as it stands there. */
export interface SeenJob {
  readonly id: string
  readonly name: string
  readonly data: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly timestamp: number
}

/** One Redis, and how tests look at it past the driver. */
export interface JobBroker {
  /** A new driver, not connected. */
  driver(log: ReturnType<typeof recordedLog>): JobDriver
  /** What may be taken now, in the order in which it would be. */
  waiting(address: string): Promise<readonly SeenJob[]>
  /** What may not be taken yet: id, and milliseconds from when it was sent until it may. */
  delayed(address: string): Promise<readonly { readonly id: string; readonly delayMs: number }[]>
  close(addresses: readonly string[]): Promise<void>
}

export const jobsAt = (address: string): Jobs => ({
  name: 'trainings',
  connection: 'hot',
  at: { file: 'pipelines/fleet.yaml', line: 12, column: 3 },
  schema: 'commands/training',
  retention: { completedMs: 60_000, failedMs: 'forever' },
  address,
})

export const jobOf = (id: string, job?: JobTerms, value: unknown = { id }): OutMessage => ({
  id,
  type: 'trainings',
  source: '/ml-platform/predictions',
  key: null,
  value: Buffer.from(JSON.stringify(value)),
  headers: {},
  timestamp: 1_700_000_000_000,
  contentType: 'application/json',
  ...(job === undefined ? {} : { job }),
})

export function jobContract(name: string, open: () => Promise<JobBroker>): void {
  describe(`job contract: ${name}`, () => {
    const addresses: string[] = []
    const drivers: JobDriver[] = []
    let broker: JobBroker
    const made = () => {
      const driver = broker.driver(recordedLog())
      drivers.push(driver)
      return driver
    }
    const withJobs = async () => {
      const driver = made()
      await driver.connect()
      const jobs = jobsAt(`contract-${randomUUID()}`)
      addresses.push(jobs.address)
      return { driver, jobs, sink: driver.sink(jobs) }
    }
    const idsOf = async (address: string) => (await broker.waiting(address)).map(({ id }) => id)
    beforeAll(async () => {
      broker = await open()
    })
    afterAll(async () => {
      await Promise.all(drivers.map((driver) => driver.close()))
      await broker.close(addresses)
    })

    it('carries data, name, time and headers', async () => {
      const { jobs, sink } = await withJobs()
      const data = { model: 'grün 🌱', deep: [1, { a: null }], text: 'a:b"\\' }
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
      await sink.send({
        ...jobOf('evt-1/flow/train', undefined, data),
        headers: { traceparent, tracestate: 'a=b' },
      })
      expect(await broker.waiting(jobs.address)).toEqual([
        {
          id: 'evt-1/flow/train',
          name: 'trainings',
          data,
          headers: { traceparent, tracestate: 'a=b', ce_source: '/ml-platform/predictions' },
          timestamp: 1_700_000_000_000,
        },
      ])
    })

    it.each(['a', 1, null, true, [], [[{}]]])(
      'carries data that is no object: %j',
      async (data) => {
        const { jobs, sink } = await withJobs()
        await sink.send(jobOf('e1', undefined, data))
        const [seen] = await broker.waiting(jobs.address)
        expect(seen?.data).toEqual(data)
      },
    )

    it('takes a repeat for the same job, whatever it says', async () => {
      const { jobs, sink } = await withJobs()
      await sink.send(jobOf('e1', undefined, { first: true }))
      await sink.send(jobOf('e1', undefined, { first: false }))
      await Promise.all(Array.from({ length: 20 }, () => sink.send(jobOf('e2'))))
      expect(await idsOf(jobs.address)).toEqual(['e1', 'e2'])
      const [seen] = await broker.waiting(jobs.address)
      expect(seen?.data).toEqual({ first: true })
    })

    it('keeps apart whatever ids differ', async () => {
      const { jobs, sink } = await withJobs()
      const ids = ['12', '%12', '-7', '0', '0:a', 'a:b', 'a%3Ab', 'a:b:c', 'ü 🌱', '', ' ', '007']
      for (const id of ids) await sink.send(jobOf(id))
      for (const id of ids) await sink.send(jobOf(id))
      expect(await idsOf(jobs.address)).toEqual(ids)
    })

    it('keeps queues apart', async () => {
      const one = await withJobs()
      const other = await withJobs()
      await one.sink.send(jobOf('e1'))
      expect(await idsOf(other.jobs.address)).toEqual([])
      await other.sink.send(jobOf('e1'))
      expect(await idsOf(one.jobs.address)).toEqual(['e1'])
    })

    it('holds a delayed job back', async () => {
      const { jobs, sink } = await withJobs()
      await sink.send({
        ...jobOf('later', { delayMs: 3_600_000, priority: undefined }),
        timestamp: Date.now(),
      })
      await sink.send(jobOf('now', { delayMs: 0, priority: undefined }))
      expect(await idsOf(jobs.address)).toEqual(['now'])
      expect(await broker.delayed(jobs.address)).toEqual([{ id: 'later', delayMs: 3_600_000 }])
    })

    it('takes jobs without a priority first, then 1 before 2, and equal ones in their order', async () => {
      const { jobs, sink } = await withJobs()
      const priorities = { c: 2, a: 1, n: undefined, d: 2, b: 1, m: undefined, z: 2_097_151 }
      for (const [id, priority] of Object.entries(priorities))
        await sink.send(jobOf(id, { delayMs: 0, priority }))
      expect(await idsOf(jobs.address)).toEqual(['n', 'm', 'a', 'b', 'c', 'd', 'z'])
    })

    it('confirms many at once', async () => {
      const { jobs, sink } = await withJobs()
      const ids = Array.from({ length: 500 }, (_, index) => `e${index}`)
      await Promise.all(ids.map((id) => sink.send(jobOf(id))))
      expect(new Set(await idsOf(jobs.address))).toEqual(new Set(ids))
    })

    it('is away before it is connected and after it is closed', async () => {
      const driver = made()
      const sink = driver.sink(jobsAt('contract-never'))
      expect(driver.isUp()).toBe(false)
      expect(await rejectionOf(sink.send(jobOf('e1')))).toMatchObject({ outage: true })
      await driver.connect()
      await driver.connect()
      await driver.ping()
      expect(driver.isUp()).toBe(true)
      await driver.whenUp()
      await driver.close()
      await driver.close()
      expect(driver.isUp()).toBe(false)
      for (const call of [sink.send(jobOf('e1')), driver.ping()])
        expect(await rejectionOf(call)).toMatchObject({ outage: true })
    })
  })
}
