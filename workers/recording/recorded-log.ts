// A log of which nothing is committed before the recording of it is safe.
import type { LogSource } from '../core/contract.ts'
import type { Recorder } from './recorder.ts'

export const recordedLog = (source: LogSource, recorder: Recorder): LogSource => ({
  start: (intake) => source.start(intake),
  stop: () => source.stop(),
  async commit(commits) {
    await recorder.sync()
    await source.commit(commits)
  },
  backlog: () => source.backlog(),
  progress: () => source.progress(),
})
