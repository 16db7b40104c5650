// When a fleet should look at its project again: on SIGHUP, and with --watch after each change of a file.
import { isatty } from 'node:tty'
import type { Clock } from '../../core/clock.ts'
import { watchProject } from '../watch.ts'

export interface Changes {
  /** Resolves when there is something to look at that was not there at the last call. */
  next(): Promise<void>
  /** Resolves when the terminal is gone, which the same signal tells. */
  readonly hungUp: Promise<void>
  close(): Promise<void>
}

export async function watchChanges(root: string, watch: boolean, clock: Clock): Promise<Changes> {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd))
  const isGone = () => terminals.length > 0 && !terminals.some((fd) => isatty(fd))
  const gone = Promise.withResolvers<void>()
  let wake = Promise.withResolvers<void>()
  const onSignal = () => (isGone() ? gone : wake).resolve()
  process.on('SIGHUP', onSignal)
  const files = watch ? await watchProject(root, clock) : undefined
  const changed = () => files?.next().then(() => {})
  return {
    async next() {
      const signalled = wake.promise
      await Promise.race([signalled, changed() ?? signalled])
      wake = Promise.withResolvers()
    },
    hungUp: gone.promise,
    async close() {
      process.off('SIGHUP', onSignal)
      await files?.close()
    },
  }
}
