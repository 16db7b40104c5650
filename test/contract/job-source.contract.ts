// What every source of a job driver promises, embedded or real; the same cases for all of them.
import { describe, expect, it } from 'vitest'
import type { QueueMessage } from '../../workers/core/message.ts'
import { eventually } from '../support/eventually.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { jobDesk, type JobSourceSetup } from './job-desk.ts'
import { jobOf } from './jobs.contract.ts'
import { rejectionOf } from './queue.contract.ts'

export function jobSourceContract(name: string, open: () => Promise<JobSourceSetup>): void {
  describe(`job source contract: ${name}`, () => {
    const { withJobs, working, idsIn, ackAll, numbered, allSeen, ends, ended } = jobDesk(open)

    it('grants one lane, and hands over jobs in their order, as they were sent', async () => {
      const { driver, jobs, sink } = await withJobs(numbered(5))
      await sink.send({
        ...jobOf('12', undefined, { text: 'grün', __proto__: { a: 1 } }),
        headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      })
      const { intake } = await working(driver, jobs)
      await allSeen(intake, 6)
      expect(intake.grants).toMatchObject([{ committed: null, note: '' }])
      expect(intake.grants[0]?.lane).toMatchObject({ id: 'trainings', partition: 0 })
      expect(intake.grants[0]?.lane.live()).toBe(true)
      expect(idsIn(intake)).toEqual([...numbered(5), '12'])
      expect(intake.texts()[5]).toBe('{"text":"grün"}')
      const { message } = intake.seen[5] as (typeof intake.seen)[number]
      expect(message as QueueMessage).toMatchObject({
        key: null,
        type: 'trainings',
        source: '/ml-platform/predictions',
        redelivered: false,
        timestamp: 1_700_000_000_000,
        headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      })
    })

    it('hands over data as JSON, however they were spelled', async () => {
      const { driver, jobs, sink } = await withJobs([])
      const spelled = '{ "b": 1.0, "a": [ 12345678901234567890 ],\n"__proto__": {"c":1e2} }'
      await sink.send({ ...jobOf('a'), value: Buffer.from(spelled) })
      const { intake } = await working(driver, jobs)
      await allSeen(intake, 1)
      expect(intake.texts()).toEqual(['{"b":1,"a":[12345678901234567000],"__proto__":{"c":100}}'])
    })

    it('calls a job like its queue if its sender did not say what it is', async () => {
      const { driver, jobs, sink } = await withJobs([])
      const { type: _type, source: _source, ...untold } = jobOf('a')
      await sink.send(untold)
      const { intake } = await working(driver, jobs)
      await allSeen(intake, 1)
      const [{ message } = { message: undefined }] = intake.seen
      expect(message).toMatchObject({ id: 'a', type: 'trainings' })
      expect(message).not.toHaveProperty('source')
    })

    it('completes what is acknowledged, and gives the rest back as it stops, as redelivered', async () => {
      const { driver, jobs } = await withJobs(numbered(6))
      const first = await working(driver, jobs)
      await allSeen(first.intake, 6)
      for (const { lane, message } of first.intake.seen.filter((_, n) => n % 2 === 0))
        first.source.ack(lane, message.offset)
      await first.source.stop()
      expect(first.intake.revoked).toHaveLength(1)
      expect(first.intake.gone).toEqual([])
      expect(first.intake.grants[0]?.lane.live()).toBe(false)
      for (const id of ['j0', 'j2', 'j4']) await ends(jobs, id, 'completed')
      for (const id of ['j1', 'j3', 'j5']) expect((await ended(jobs, id)).state).toBe('waiting')
      const second = await working(driver, jobs)
      await allSeen(second.intake, 3)
      expect(new Set(idsIn(second.intake))).toEqual(new Set(['j1', 'j3', 'j5']))
      expect(second.intake.seen.every(({ message }) => (message as QueueMessage).redelivered)).toBe(
        true,
      )
    })

    it('takes acknowledgements until a drain is over, and hands over nothing meanwhile', async () => {
      const { driver, jobs, sink } = await withJobs(['a', 'b'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 2)
      intake.onRevoke = async () => {
        await sink.send(jobOf('late'))
        ackAll(source, intake)
      }
      await source.stop()
      await source.stop()
      expect(idsIn(intake)).toEqual(['a', 'b'])
      for (const id of ['a', 'b']) await ends(jobs, id, 'completed')
      const next = await working(driver, jobs)
      await allSeen(next.intake, 1)
      expect(idsIn(next.intake)).toEqual(['late'])
    })

    it('has no more than its prefetch unsettled, and knows what waits beyond', async () => {
      const { driver, jobs } = await withJobs(numbered(5))
      const { intake, source } = await working(driver, jobs, 2)
      await allSeen(intake, 2)
      expect(await source.backlog()).toBe(3)
      for (let known = 2; known < 5; known++) {
        expect(intake.seen).toHaveLength(known)
        const last = intake.seen[known - 1] as (typeof intake.seen)[number]
        source.ack(last.lane, last.message.offset)
        await allSeen(intake, known + 1)
      }
      ackAll(source, intake)
      await eventually('nothing is left', async () => (await source.backlog()) === 0)
    })

    it('has no more bytes unsettled than it may, and one job however large it is', async () => {
      const { driver, jobs, sink } = await withJobs([])
      const text = 'x'.repeat(1_000)
      for (const id of numbered(4)) await sink.send(jobOf(id, undefined, { id, text }))
      const intake = new RecordingIntake()
      const source = driver.source({ jobs, prefetch: 100, bytes: 1_500 })
      await source.start(intake)
      for (let known = 2; known < 5; known++) {
        await allSeen(intake, known)
        await eventually('the rest waits', async () => (await source.backlog()) === 4 - known)
        const last = intake.seen[known - 1] as (typeof intake.seen)[number]
        source.ack(last.lane, last.message.offset)
      }
      const small = driver.source({ jobs, prefetch: 100, bytes: 1 })
      await source.stop()
      const next = new RecordingIntake()
      await small.start(next)
      await allSeen(next, 1)
      expect(idsIn(next)).toEqual(['j0'])
    })

    it('shares a queue with other workers, each job going to one of them', async () => {
      const { driver, jobs } = await withJobs(numbered(20))
      const workers = [await working(driver, jobs, 5), await working(driver, jobs, 5)]
      await eventually('each job was done by one of them', () => {
        for (const { source, intake } of workers) ackAll(source, intake)
        return workers.reduce((sum, { intake }) => sum + intake.seen.length, 0) >= 20
      })
      const all = workers.flatMap(({ intake }) => idsIn(intake))
      expect(all).toHaveLength(20)
      expect(new Set(all)).toEqual(new Set(numbered(20)))
    })

    it('hands over a delayed job when it is due', async () => {
      const { driver, jobs, sink } = await withJobs([])
      const { intake } = await working(driver, jobs)
      const sentAt = Date.now()
      const later = jobOf('later', { delayMs: 300, priority: undefined })
      await sink.send({ ...later, timestamp: sentAt })
      await allSeen(intake, 1)
      expect(Date.now() - sentAt).toBeGreaterThanOrEqual(290)
    })

    it('takes no job for a new one whose id it remembers, done or failed', async () => {
      const { driver, jobs, sink } = await withJobs(['a', 'b'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 2)
      const [first] = intake.seen
      source.ack(first?.lane as never, first?.message.offset as number)
      await source.letters.send({
        ...jobOf('letter'),
        headers: { 'sluice-dlq-message-id': 'b', 'sluice-dlq-code': 'SLU5102' },
      })
      await ends(jobs, 'a', 'completed')
      for (const id of ['a', 'b', 'c']) await sink.send(jobOf(id))
      await allSeen(intake, 3)
      expect(idsIn(intake)).toEqual(['a', 'b', 'c'])
    })

    it('lets a job fail with its letter, once and for good', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 1)
      const headers = {
        'sluice-dlq-message-id': 'a',
        'sluice-dlq-code': 'SLU5102',
        'sluice-dlq-reason': 'handler train: out of memory',
      }
      await source.letters.send({ ...jobOf('letter'), headers })
      expect(await ended(jobs, 'a')).toMatchObject({
        state: 'failed',
        letter: headers,
      })
      ackAll(source, intake)
      await source.stop()
      expect((await ended(jobs, 'a')).state).toBe('failed')
      const next = await working(driver, jobs)
      const again = next.source.letters.send({ ...jobOf('letter'), headers })
      expect(await rejectionOf(again)).toMatchObject({ code: 'SLU5801', outage: true })
      expect(next.intake.seen).toEqual([])
    })

    it('shows failed jobs as their letters, the oldest first; looking changes nothing', async () => {
      const { driver, jobs, sink } = await withJobs(numbered(3))
      const view = driver.failed(jobs)
      expect(await view.ranges()).toEqual([{ partition: 0, from: 0, to: 0 }])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 3)
      for (const id of ['j1', 'j0']) {
        await source.letters.send({
          ...jobOf('letter'),
          headers: { 'sluice-dlq-message-id': id, 'sluice-dlq-code': 'SLU5102' },
        })
        // Those of one millisecond stand in the order of their ids.
        const failedBy = Date.now()
        await eventually('another millisecond', () => Date.now() > failedBy)
      }
      const look = async () => {
        const found: unknown[] = []
        for (const range of await view.ranges())
          for await (const page of view.read(range))
            for (const { headers, value, offset } of page)
              found.push([
                headers['sluice-dlq-message-id'],
                String(Buffer.from(value ?? [])),
                offset,
              ])
        return found
      }
      const dataOf = (id: string) => String(Buffer.from(jobOf(id).value ?? []))
      const shown = [
        ['j1', dataOf('j1'), 0],
        ['j0', dataOf('j0'), 1],
      ]
      for (let looks = 0; looks < 100; looks++) expect(await look()).toEqual(shown)
      expect((await ended(jobs, 'j1')).state).toBe('failed')
      for (const nowhere of [
        { partition: 1, from: 0, to: 2 },
        { partition: 0, from: 5, to: 9 },
      ])
        for await (const page of view.read(nowhere)) expect(page).toEqual([])
      // A failed job is remembered, so that a new one by its id is none.
      await sink.send(jobOf('j1'))
      expect(await look()).toEqual(shown)
      await source.stop()
    })

    it('keeps what became of a job as its result', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 1)
      const [first] = intake.seen
      const end = { outcome: 'filtered', attempts: 2 }
      source.ack(first?.lane as never, first?.message.offset as number, end)
      await ends(jobs, 'a', 'completed')
      expect((await ended(jobs, 'a')).result).toEqual(end)
    })

    it('shows how far a job is', async () => {
      const { driver, jobs } = await withJobs(['a'])
      const { intake, source } = await working(driver, jobs)
      await allSeen(intake, 1)
      source.report('a', 40)
      source.report('nobody', 50)
      const progress = async () => (await ended(jobs, 'a')).progress
      await eventually('the progress is there', async () => (await progress()) !== undefined)
      expect(await progress()).toBe(40)
    })
  })
}
