// What every job driver promises of schedules, embedded or real: each time is one job, whoever asks, and none is missed.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JobDriver } from '../../workers/core/contract.ts'
import type { QueueMessage } from '../../workers/core/message.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import type { JobSourceSetup } from './job-desk.ts'
import { jobsAt } from './jobs.contract.ts'

type Setup = Pick<JobSourceSetup, 'driver' | 'close'>

export function scheduleContract(name: string, open: () => Promise<Setup>): void {
  describe(`schedule contract: ${name}`, () => {
    const drivers: JobDriver[] = []
    const addresses: string[] = []
    let setup: Setup
    const connected = async () => {
      const driver = setup.driver(recordedLog())
      drivers.push(driver)
      await driver.connect()
      const jobs = jobsAt(`schedule-${randomUUID()}`)
      addresses.push(jobs.address)
      return { driver, jobs }
    }
    const idsIn = (intake: RecordingIntake) =>
      intake.seen.map(({ message }) => (message as QueueMessage).id)

    beforeAll(async () => {
      setup = await open()
    })
    afterEach(async () => {
      await Promise.all(drivers.splice(0).map((driver) => driver.close()))
    })
    afterAll(() => setup.close(addresses))

    it('fires by a schedule, at its times, once for all who ask for it', async () => {
      const { driver, jobs } = await connected()
      const schedule = { everyMs: 1_000 }
      const workers = [new RecordingIntake(), new RecordingIntake()]
      const sources = workers.map(() => driver.source({ jobs, prefetch: 5, schedule }))
      for (const [nth, source] of sources.entries())
        await source.start(workers[nth] as RecordingIntake)
      const fired = () =>
        workers.flatMap(idsIn).map((id) => Number(/^repeat:trainings:(\d+)$/.exec(id ?? '')?.[1]))
      await eventually('it fired three times', () => {
        for (const [nth, source] of sources.entries())
          for (const { lane, message } of workers[nth]?.seen ?? []) source.ack(lane, message.offset)
        return fired().length >= 3
      })
      const times = fired().toSorted((a, b) => a - b)
      expect(times.every((ms) => ms % 1_000 === 0)).toBe(true)
      expect(new Set(times).size).toBe(times.length)
      expect((times[2] ?? 0) - (times[0] ?? 0)).toBe(2_000)
      await Promise.all(sources.map((source) => source.stop()))
      // What fell into the time without workers is done once: of two times that passed the first.
      const last = times.at(-1) ?? 0
      await eventually('two of its times have passed', () => Date.now() > last + 2_200)
      const missed = new RecordingIntake()
      await driver.source({ jobs, prefetch: 5, schedule }).start(missed)
      await eventually('it fired twice', () => missed.seen.length >= 2)
      const [late, next] = idsIn(missed).map((id) => Number(id?.split(':')[2]) - last)
      expect([late, next]).toEqual([1_000, 3_000])
    })

    it('keeps another schedule in the place of the one before', async () => {
      const { driver, jobs } = await connected()
      const yearly = { cron: '0 0 1 1 *', timezone: 'UTC' }
      await driver.source({ jobs, prefetch: 5, schedule: yearly }).start(new RecordingIntake())
      const intake = new RecordingIntake()
      await driver.source({ jobs, prefetch: 5, schedule: { everyMs: 1_000 } }).start(intake)
      await eventually('it fired', () => intake.seen.length >= 1)
      expect(intake.seen).toHaveLength(1)
    })
  })
}
