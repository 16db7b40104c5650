// A world whose time runs faster than ours, so that a test of a ten-second deadline takes a fraction of one; waits are real waits.
import {
  sleepOn,
  systemClock,
  systemWorld,
  type Clock,
  type World,
} from '../../workers/core/clock.ts'

export function fastWorld(times: number): World {
  const origin = systemClock.monotonic()
  const start = systemClock.now()
  const monotonic = () => origin + (systemClock.monotonic() - origin) * times
  const after: Clock['after'] = (ms, fn, options) => systemClock.after(ms / times, fn, options)
  const clock: Clock = {
    now: () => start + monotonic() - origin,
    monotonic,
    after,
    sleep: (ms, signal) => sleepOn(after, ms, signal),
  }
  return { ...systemWorld, clock }
}
