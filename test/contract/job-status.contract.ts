// What every job driver tells of one job, embedded or real, to whoever waits for its end; the same cases for all of them.
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { jobDesk, type JobSourceSetup } from './job-desk.ts'
import { jobOf } from './jobs.contract.ts'
import { rejectionOf } from './queue.contract.ts'

const NOTHING = { progress: undefined, end: undefined, letter: undefined }

export function jobStatusContract(name: string, open: () => Promise<JobSourceSetup>): void {
  describe(`job status contract: ${name}`, () => {
    const { withJobs, working, allSeen } = jobDesk(open)

    it('knows nothing of a job that nobody added', async () => {
      const { driver, jobs } = await withJobs([])
      expect(await driver.status(jobs, 'a')).toBeUndefined()
    })

    it('tells what waits from what is not due', async () => {
      const { driver, jobs, sink } = await withJobs(['a:1'])
      await sink.send({
        ...jobOf('later', { delayMs: 3_600_000, priority: undefined }),
        timestamp: Date.now(),
      })
      await sink.send(jobOf('ranked', { delayMs: 0, priority: 3 }))
      const waits = { ...NOTHING, state: 'waiting', attempt: 0 }
      expect(await driver.status(jobs, 'a:1')).toEqual(waits)
      expect(await driver.status(jobs, 'ranked')).toEqual(waits)
      expect(await driver.status(jobs, 'later')).toEqual({ ...waits, state: 'delayed' })
    })

    it('follows a job from its first attempt over a wait to its end', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 1)
      expect(await driver.status(jobs, 'a')).toEqual({ ...NOTHING, state: 'active', attempt: 1 })
      source.report('a', 40)
      await eventually('the progress is there', async () => {
        return (await driver.status(jobs, 'a'))?.progress === 40
      })
      await source.park('a', { attempt: 2, done: [] }, 500)
      expect(await driver.status(jobs, 'a')).toEqual({
        ...NOTHING,
        state: 'delayed',
        attempt: 2,
        progress: 40,
      })
      await allSeen(intake, 2)
      expect(await driver.status(jobs, 'a')).toMatchObject({ state: 'active', attempt: 2 })
      const [, again] = intake.seen
      const end = { outcome: 'acked', attempts: 2 }
      source.ack(again?.lane as never, again?.message.offset as number, end)
      const ended = await eventually('it has ended', async () => {
        const found = await driver.status(jobs, 'a')
        return found?.state === 'completed' ? found : undefined
      })
      expect(ended).toEqual({ ...NOTHING, state: 'completed', attempt: 2, progress: 40, end })
    })

    it('tells why a job failed, and at which attempt', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 1)
      const letter = {
        'sluice-dlq-message-id': 'a',
        'sluice-dlq-code': 'SLU5102',
        'sluice-dlq-reason': 'handler train: out of memory',
        'sluice-dlq-attempts': '3',
      }
      await source.letters.send({ ...jobOf('letter'), headers: letter })
      expect(await driver.status(jobs, 'a')).toEqual({
        ...NOTHING,
        state: 'failed',
        attempt: 3,
        letter,
      })
    })

    it('is an outage while the server is away', async () => {
      const { driver, jobs } = await withJobs(['a'])
      await driver.close()
      expect(await rejectionOf(driver.status(jobs, 'a'))).toMatchObject({ outage: true })
    })
  })
}
