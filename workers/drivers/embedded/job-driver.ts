// The embedded stand-in for BullMQ; loses everything with the process, and is otherwise held to the same contract.
import type { DriverContext, JobDriver } from '../../core/contract.ts'
import type { EmbeddedJobs } from './jobs.ts'
import { createPresence } from './presence.ts'

export function createEmbeddedJobDriver(jobs: EmbeddedJobs, context: DriverContext): JobDriver {
  const { absence, ...driver } = createPresence('Redis', 'SLU5401', jobs.available, context)
  return {
    ...driver,
    sink: ({ address }) => ({
      // oxlint-disable-next-line require-await -- the port is asynchronous
      async send(message) {
        const absent = absence()
        if (absent !== undefined) throw absent
        jobs.add(address, message)
      },
    }),
  }
}
