// What every source of a job driver promises of jobs that are parked, or left half done; the same cases for all of them.
import { describe, expect, it } from 'vitest'
import type { QueueMessage } from '../../workers/core/message.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { jobDesk, type JobSourceSetup } from './job-desk.ts'
import { jobOf } from './jobs.contract.ts'
import { rejectionOf } from './queue.contract.ts'

export function parkedJobContract(name: string, open: () => Promise<JobSourceSetup>): void {
  describe(`parked job contract: ${name}`, () => {
    const { withJobs, working, ackAll, allSeen, ends, ended } = jobDesk(open)
    const noted = { attempt: 3, done: ['alert', 'parts/2'] }

    it('waits, is handed over when it is due, with what was noted, and is a part of what is left', async () => {
      const { driver, jobs, sink } = await withJobs(['a'])
      // Nobody waits for what was added with a delay.
      const later = jobOf('in an hour', { delayMs: 3_600_000, priority: undefined })
      await sink.send({ ...later, timestamp: Date.now() })
      const intake = new RecordingIntake()
      const source = driver.source({ jobs, prefetch: 1, parks: true })
      await source.start(intake)
      await allSeen(intake, 1)
      const parkedAt = Date.now()
      await source.park('a', noted, 600)
      ackAll(source, intake)
      await ends(jobs, 'a', 'delayed')
      expect(await source.backlog()).toBe(1)
      await allSeen(intake, 2)
      expect(Date.now() - parkedAt).toBeGreaterThanOrEqual(590)
      expect(intake.seen[1]?.message).toMatchObject({
        id: 'a',
        redelivered: false,
        parked: noted,
      })
      ackAll(source, intake)
      await ends(jobs, 'a', 'completed')
      expect(await source.backlog()).toBe(0)
    })

    it('outlives the worker that parked it, and comes to another', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const first = await working(driver, jobs)
      await allSeen(first.intake, 1)
      await first.source.park('a', noted, 300)
      ackAll(first.source, first.intake)
      await first.source.stop()
      const second = await working(driver, jobs)
      await allSeen(second.intake, 1)
      expect(second.intake.seen[0]?.message).toMatchObject({ id: 'a', parked: noted })
    })

    it('is never taken for done on its way back', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const intake = new RecordingIntake()
      const source = driver.source({ jobs, prefetch: 1, parks: true })
      await source.start(intake)
      await allSeen(intake, 1)
      const early: number[] = []
      for (let times = 1; times <= 25; times++) {
        const { lane, message } = intake.seen.at(-1) as (typeof intake.seen)[number]
        await source.park('a', noted, 20 + times)
        source.ack(lane, message.offset)
        for (let asked = 0; intake.seen.length === times; asked++) {
          const left = await source.backlog()
          if (left === 0 && intake.seen.length === times) early.push(times)
          // An answer from memory lets no time pass.
          if (asked % 10 === 0) await new Promise(setImmediate)
        }
      }
      expect(early).toEqual([])
    })

    it('is parked by nobody who is not at work on it', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 1)
      ackAll(source, intake)
      await ends(jobs, 'a', 'completed')
      expect(await rejectionOf(source.park('a', noted, 1_000))).toMatchObject({
        code: 'SLU5801',
        outage: true,
      })
      expect((await ended(jobs, 'a')).state).toBe('completed')
    })

    it('hands what was noted of a job that is left to whoever has it next', async () => {
      const { driver, jobs } = await withJobs(['a', 'b'])
      const first = await working(driver, jobs)
      await allSeen(first.intake, 2)
      first.source.note('a', { attempt: 2, done: [] })
      first.source.note('a', { attempt: 3, done: ['alert'] })
      first.source.note('nobody', { attempt: 9, done: [] })
      await first.source.stop()
      const second = await working(driver, jobs)
      await allSeen(second.intake, 2)
      const byId = new Map(
        second.intake.seen.map(({ message }) => [(message as QueueMessage).id, message]),
      )
      expect(byId.get('a')).toMatchObject({ parked: { attempt: 3, done: ['alert'] } })
      expect(byId.get('b')?.parked).toBeUndefined()
    })
  })
}
