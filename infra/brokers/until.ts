// Tries something until it works; never waits for what is already dead.
import { systemClock } from '../../workers/core/clock.ts'
import { asError } from '../../workers/core/errors.ts'

export interface UntilOptions {
  readonly withinMs: number
  /** False ends the wait at once. */
  readonly alive: () => boolean
}

/** Resolves with the first attempt that resolves; rejects with the last reason when the time is up or `alive` says no. */
export async function until(attempt: () => Promise<void>, options: UntilOptions): Promise<void> {
  const deadline = systemClock.monotonic() + options.withinMs
  for (;;) {
    const failure = await bounded(attempt, 5_000).then(() => undefined, asError)
    if (failure === undefined) return
    if (!options.alive()) throw new Error('the process ended', { cause: failure })
    if (systemClock.monotonic() > deadline) {
      throw new Error(`no answer within ${options.withinMs / 1_000} s`, { cause: failure })
    }
    await systemClock.sleep(50)
  }
}

/** Rejects when `attempt` takes longer than `ms`. */
async function bounded(attempt: () => Promise<void>, ms: number): Promise<void> {
  const late = new AbortController()
  const timeout = systemClock.sleep(ms, late.signal).then(() => {
    if (!late.signal.aborted) throw new Error(`no answer within ${ms} ms`)
  })
  try {
    await Promise.race([attempt(), timeout])
  } finally {
    late.abort()
  }
}
