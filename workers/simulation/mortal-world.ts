// The world of one process: when the process is killed nothing that it waited for ever comes.
import { sleepOn, type Clock, type Timer, type World } from '../core/clock.ts'

export interface MortalWorld {
  readonly world: World
  kill(): void
}

export function mortalWorld({ clock, random, ids }: World): MortalWorld {
  const timers = new Set<Timer>()
  let dead = false
  const after: Clock['after'] = (ms, fn, options) => {
    if (dead) return { cancel: () => {} }
    const timer = clock.after(
      ms,
      () => {
        timers.delete(timer)
        fn()
      },
      options,
    )
    timers.add(timer)
    return {
      cancel() {
        timers.delete(timer)
        timer.cancel()
      },
    }
  }
  return {
    world: {
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        after,
        sleep: (ms, signal) => sleepOn(after, ms, signal),
      },
      random,
      ids,
    },
    kill() {
      dead = true
      for (const timer of timers) timer.cancel()
      timers.clear()
    },
  }
}
