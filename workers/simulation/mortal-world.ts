// The world of one process: when the process is killed nothing that it waited for ever comes.
import type { Clock, Timer, World } from '../core/clock.ts'

export interface MortalWorld {
  readonly world: World
  kill(): void
}

export function mortalWorld({ clock, random, ids }: World): MortalWorld {
  const timers = new Set<Timer>()
  const sleepers = new Set<() => void>()
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
  /** As on any clock; of whoever dies meanwhile no signal keeps hold. */
  const sleep: Clock['sleep'] = (ms, signal) => {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const forget = () => {
        signal?.removeEventListener('abort', done)
        sleepers.delete(forget)
      }
      const done = () => {
        timer.cancel()
        forget()
        resolve()
      }
      const timer = after(ms, done)
      signal?.addEventListener('abort', done, { once: true })
      sleepers.add(forget)
    })
  }
  return {
    world: {
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        after,
        sleep,
      },
      random,
      ids,
    },
    kill() {
      dead = true
      for (const timer of timers) timer.cancel()
      timers.clear()
      for (const forget of sleepers) forget()
    },
  }
}
