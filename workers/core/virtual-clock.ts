// A clock that stands still until it is told to go on: the same timers in the same order in every run; never touches real time.
import { eventLoopTurn, sleepOn, type Clock } from './clock.ts'

interface Due {
  readonly at: number
  /** Breaks ties: what was set first fires first. */
  readonly turn: number
  readonly fire: () => void
}

export interface VirtualClock extends Clock {
  /**
   * Lets `ms` pass: fires what falls due, in order of time and then of setting, and after each timer lets
   * everything run that needs no time. Rejects with what a timer threw.
   */
  advance(ms: number): Promise<void>
  /** Milliseconds until the next timer falls due; undefined when none is set. */
  untilNext(): number | undefined
}

/** `start` is the wall clock at the beginning, in milliseconds since the epoch; the monotonic clock begins at 0. */
export function createVirtualClock(start: number): VirtualClock {
  let time = 0
  let turns = 0
  const timers: Due[] = []
  const after: Clock['after'] = (ms, fn) => {
    const due: Due = { at: time + Math.max(0, ms), turn: turns++, fire: fn }
    timers.splice(placeOf(timers, due), 0, due)
    return {
      cancel: () => {
        const place = placeOf(timers, due)
        if (timers[place] === due) timers.splice(place, 1)
      },
    }
  }
  return {
    now: () => start + time,
    monotonic: () => time,
    after,
    sleep: (ms, signal) => sleepOn(after, ms, signal),
    untilNext: () => {
      const [next] = timers
      return next === undefined ? undefined : next.at - time
    },
    async advance(ms) {
      const end = time + ms
      await eventLoopTurn()
      for (let next = timers[0]; next !== undefined && next.at <= end; next = timers[0]) {
        timers.shift()
        time = next.at
        next.fire()
        await eventLoopTurn()
      }
      time = end
    },
  }
}

/** Where `due` stands, or would stand, in timers sorted by time and turn. */
function placeOf(timers: readonly Due[], due: Due): number {
  let low = 0
  let high = timers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = timers[middle] as Due
    if (other.at < due.at || (other.at === due.at && other.turn < due.turn)) low = middle + 1
    else high = middle
  }
  return low
}
