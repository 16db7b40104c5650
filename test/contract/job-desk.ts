// What the contracts of job sources work with: jobs on a queue of their own, and workers of it; set up and put away around each test.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { JobDriver, Jobs, JobSource } from '../../workers/core/contract.ts'
import type { Headers, QueueMessage } from '../../workers/core/message.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { jobOf, jobsAt } from './jobs.contract.ts'

export interface JobSourceSetup {
  /** A new driver, not connected. */
  driver(log: ReturnType<typeof recordedLog>): JobDriver
  /** What became of a job. */
  ended(
    address: string,
    id: string,
  ): Promise<{ state: string; letter: Headers | undefined; progress: unknown; result: unknown }>
  close(addresses: readonly string[]): Promise<void>
}

/** Within a describe. */
export function jobDesk(open: () => Promise<JobSourceSetup>) {
  const drivers: JobDriver[] = []
  const addresses: string[] = []
  let setup: JobSourceSetup
  const withJobs = async (ids: readonly string[]) => {
    const driver = setup.driver(recordedLog())
    drivers.push(driver)
    await driver.connect()
    const jobs = jobsAt(`source-${randomUUID()}`)
    addresses.push(jobs.address)
    const sink = driver.sink(jobs)
    for (const id of ids) await sink.send(jobOf(id))
    return { driver, jobs, sink }
  }
  const working = async (driver: JobDriver, jobs: Jobs, prefetch = 100) => {
    const intake = new RecordingIntake()
    const source = driver.source({ jobs, prefetch })
    await source.start(intake)
    return { intake, source }
  }
  const idsIn = (intake: RecordingIntake) =>
    intake.seen.map(({ message }) => (message as QueueMessage).id)
  const ackAll = (source: JobSource, intake: RecordingIntake) => {
    for (const { lane, message } of intake.seen) source.ack(lane, message.offset)
  }
  const numbered = (count: number) => Array.from({ length: count }, (_, n) => `j${n}`)
  const allSeen = (intake: RecordingIntake, count: number) =>
    eventually(`${count} jobs`, () => intake.seen.length >= count)
  const ends = (jobs: Jobs, id: string, state: string) =>
    eventually(
      `job ${id} is ${state}`,
      async () => (await setup.ended(jobs.address, id)).state === state,
    )

  beforeAll(async () => {
    setup = await open()
  })
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()))
  })
  afterAll(() => setup.close(addresses))

  const ended = (jobs: Jobs, id: string) => setup.ended(jobs.address, id)
  return { withJobs, working, idsIn, ackAll, numbered, allSeen, ends, ended }
}
