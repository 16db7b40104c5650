// The embedded job driver against the contract of all job drivers.
import { systemClock, systemWorld } from '../../workers/core/clock.ts'
import type { Logger } from '../../workers/core/log.ts'
import { headerText } from '../../workers/core/message.ts'
import { createEmbeddedJobDriver } from '../../workers/drivers/embedded/job-driver.ts'
import { EmbeddedJobs } from '../../workers/drivers/embedded/jobs.ts'
import type { StoredJob } from '../../workers/drivers/embedded/stored-jobs.ts'
import { jobContract, type SeenJob } from './jobs.contract.ts'
import type { JobSourceSetup } from './job-desk.ts'
import { jobSourceContract } from './job-source.contract.ts'
import { jobStatusContract } from './job-status.contract.ts'
import { parkedJobContract } from './parked-job.contract.ts'
import { scheduleContract } from './schedule.contract.ts'

const seen = ({ message }: StoredJob): SeenJob => ({
  id: message.id,
  name: message.type ?? '',
  data: JSON.parse(Buffer.from(message.value ?? []).toString()) as unknown,
  headers: {
    ...Object.fromEntries(
      Object.keys(message.headers).map((name) => [name, headerText(message.headers, name) ?? '']),
    ),
    ce_source: message.source ?? '',
  },
  timestamp: message.timestamp,
})

const driverOf = (jobs: EmbeddedJobs, log: Logger) =>
  createEmbeddedJobDriver(jobs, {
    world: systemWorld,
    log,
    origin: 'connection hot (pipelines/fleet.yaml:6)',
    clientId: 'contract',
  })

jobContract('embedded', () => {
  const jobs = new EmbeddedJobs(systemClock)
  return Promise.resolve({
    driver: (log) => driverOf(jobs, log),
    waiting: (address) => Promise.resolve(jobs.waiting(address).map(seen)),
    delayed: (address) =>
      Promise.resolve(
        jobs.delayed(address).map(({ message }) => ({
          id: message.id,
          delayMs: message.job?.delayMs ?? 0,
        })),
      ),
    close: () => Promise.resolve(),
  })
})

const source = (): Promise<JobSourceSetup> => {
  const jobs = new EmbeddedJobs(systemClock)
  return Promise.resolve({
    driver: (log) => driverOf(jobs, log),
    ended(address, id) {
      const job = jobs.find(address, id)
      const { letter, progress, end: result } = job ?? {}
      const waits = jobs.delayed(address).some((one) => one === job)
      const state = waits ? 'delayed' : (job?.state ?? 'unknown')
      return Promise.resolve({ state, letter: letter?.headers, progress, result })
    },
    close: () => Promise.resolve(),
  })
}
jobSourceContract('embedded', source)
jobStatusContract('embedded', source)
parkedJobContract('embedded', source)
scheduleContract('embedded', source)
