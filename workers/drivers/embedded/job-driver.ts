// The embedded stand-in for BullMQ; loses everything with the process, and is otherwise held to the same contract.
import type { DriverContext, JobDriver } from '../../core/contract.ts'
import { failedView } from './failed-view.ts'
import { EmbeddedJobSource } from './job-source.ts'
import type { EmbeddedJobs } from './jobs.ts'
import { createPresence } from './presence.ts'
import { Reach } from './reach.ts'

/** With what tests and simulation do to a process. */
export interface EmbeddedJobDriver extends JobDriver {
  /** The network between this process and the broker is gone: others take what it holds. */
  cut(): void
  heal(): void
  /** Its channels are closed at once, whatever it is at work on; it may open others. */
  expel(): void
  /** The process is killed: nothing is drained, and others take what it was at work on at once. */
  crash(): void
}

export function createEmbeddedJobDriver(
  jobs: EmbeddedJobs,
  context: DriverContext,
): EmbeddedJobDriver {
  const reach = new Reach()
  jobs.reachedBy(reach)
  const { absence, ...driver } = createPresence('Redis', 'SLU5401', reach.gate, context)
  const sources = new Set<EmbeddedJobSource>()
  return {
    ...driver,
    async close() {
      await Promise.all([...sources].map((source) => source.stop()))
      sources.clear()
      await driver.close()
    },
    cut: () => reach.cut(),
    heal: () => reach.heal(),
    expel() {
      reach.cut()
      reach.heal()
    },
    crash() {
      for (const source of sources) source.crash()
      reach.cut()
    },
    source(options) {
      const source = new EmbeddedJobSource(options, jobs, context, reach)
      sources.add(source)
      return source
    },
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async status({ address }, id) {
      const absent = absence()
      if (absent !== undefined) throw absent
      return jobs.status(address, id)
    },
    failed: ({ address }) =>
      failedView(jobs, address, () => {
        const absent = absence()
        if (absent !== undefined) throw absent
      }),
    sink: (target) => ({
      // oxlint-disable-next-line require-await -- the port is asynchronous
      async send(message) {
        const absent = absence()
        if (absent !== undefined) throw absent
        jobs.add(target, message)
      },
    }),
  }
}
