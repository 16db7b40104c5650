// How far in time a lane has come to a step: beside a plain list of what came and what is finished.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneTime } from '../../workers/runtime/lane-time.ts'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'
import { runs } from '../support/fuzz.ts'

function lane(messages: number) {
  const tracker = new OffsetTracker(null, '')
  for (let offset = 0; offset < messages; offset++) tracker.take(offset)
  return { tracker, time: new LaneTime(tracker) }
}

describe('the time of a lane', () => {
  it('is that of whoever came with nobody before missing', () => {
    const { time } = lane(3)
    expect(time.reachedBy(1, 100)).toBe(-Infinity)
    time.come(1, 100)
    expect(time.reachedBy(0, 50)).toBe(100)
    time.come(0, 50)
    expect(time.reachedBy(2, 70)).toBe(100)
    expect(time.reachedBy(2, 200)).toBe(200)
  })

  it('does not wait for what is finished without having come', () => {
    const { tracker, time } = lane(4)
    time.come(2, 100)
    tracker.finish(0)
    tracker.finish(1)
    expect(time.reachedBy(3, 70)).toBe(100)
  })

  it('takes several times of one message', () => {
    const { time } = lane(2)
    time.come(0, 10)
    time.come(0, 30)
    time.come(0, 20)
    expect(time.reachedBy(1, 5)).toBe(30)
  })

  it('is what a plain list says, whatever comes in whatever order', () => {
    const steps = fc.array(
      fc.record({ slot: fc.nat(9), at: fc.nat(100), what: fc.constantFrom('come', 'finish') }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(steps, (course) => {
        const { tracker, time } = lane(10)
        const came = new Map<number, number[]>()
        const finished = new Set<number>()
        const plain = (slot: number, at: number) => {
          let reached = -Infinity
          for (let n = 0; n < 10; n++) {
            const times = [...(came.get(n) ?? []), ...(n === slot ? [at] : [])]
            if (times.length === 0 && !finished.has(n)) break
            reached = Math.max(reached, ...times)
          }
          return reached
        }
        for (const { slot, at, what } of course) {
          expect(time.reachedBy(slot, at)).toBe(plain(slot, at))
          if (what === 'finish') {
            tracker.finish(slot)
            finished.add(slot)
          } else {
            time.come(slot, at)
            came.set(slot, [...(came.get(slot) ?? []), at])
          }
        }
      }),
      { numRuns: runs(200) },
    )
  })
})
