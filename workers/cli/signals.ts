// Turns SIGTERM and SIGINT into one request to stop; the second one forces.
import type { Clock } from '../core/clock.ts'

/** A terminal, `timeout` or npx may hand one request on twice, at once: that is not a person who insists. */
const ECHO_MS = 200

export interface StopRequest {
  readonly promise: Promise<NodeJS.Signals>
  readonly requested: boolean
  dispose(): void
}

/** `force` is called on the second signal. */
export function onStopSignal(
  force: (signal: NodeJS.Signals) => void,
  clock: Pick<Clock, 'monotonic'>,
): StopRequest {
  let requested = false
  let at = 0
  let resolve: (signal: NodeJS.Signals) => void = () => {}
  const promise = new Promise<NodeJS.Signals>((done) => {
    resolve = done
  })
  const listener = (signal: NodeJS.Signals) => {
    if (requested && clock.monotonic() - at > ECHO_MS) force(signal)
    if (!requested) at = clock.monotonic()
    requested = true
    resolve(signal)
  }
  process.on('SIGTERM', listener)
  process.on('SIGINT', listener)
  return {
    promise,
    get requested() {
      return requested
    },
    dispose() {
      process.off('SIGTERM', listener)
      process.off('SIGINT', listener)
    },
  }
}
