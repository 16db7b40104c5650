// Waits for something of a client that may never settle, but not for ever.
import type { Clock } from '../../core/clock.ts'

/** Resolves with the value, or undefined when it failed or took longer than `ms`. Never rejects. */
export function bounded<T>(promise: Promise<T>, ms: number, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, () => resolve(undefined), { keepAlive: true })
    promise.then(resolve, () => resolve(undefined)).finally(() => timer.cancel())
  })
}
