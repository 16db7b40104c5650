// Many waits on one timer: nothing expires early, nothing stays, and a process that stood still blames nobody.
import { describe, expect, it } from 'vitest'
import { Deadlines, type Waiting } from '../../workers/core/deadlines.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'

function watched() {
  const clock = createVirtualClock(0)
  const deadlines = new Deadlines(clock, 1_000, 100)
  const expired: { name: string; at: number }[] = []
  const add = (name: string, then?: () => void): Waiting => {
    const entry: Waiting = {
      bornAt: 0,
      expire: () => {
        expired.push({ name, at: clock.monotonic() })
        then?.()
      },
    }
    deadlines.add(entry)
    return entry
  }
  return { clock, deadlines, expired, add }
}

describe('deadlines', () => {
  it('expire after the limit, at most two ticks late, in order', async () => {
    const { clock, expired, add } = watched()
    for (let n = 0; n < 50; n++) {
      add(String(n))
      await clock.advance(37)
    }
    await clock.advance(2_000)
    expect(expired.map(({ name }) => Number(name))).toEqual(Array.from({ length: 50 }, (_, n) => n))
    for (const [n, { at }] of expired.entries()) {
      expect(at - n * 37).toBeGreaterThanOrEqual(1_000)
      expect(at - n * 37).toBeLessThanOrEqual(1_200)
    }
  })

  it('do not expire what was deleted, and keep no timer for nothing', async () => {
    const { clock, deadlines, expired, add } = watched()
    const entries = ['a', 'b', 'c'].map((name) => add(name))
    await clock.advance(900)
    for (const entry of entries) deadlines.delete(entry)
    await clock.advance(100)
    expect([clock.untilNext(), expired]).toEqual([undefined, []])
    const now = deadlines.now
    await clock.advance(60_000)
    expect(deadlines.now).toBe(now)
    add('later')
    await clock.advance(1_000)
    expect(expired).toEqual([])
    await clock.advance(200)
    expect(expired).toHaveLength(1)
  })

  it('watch what is added while something expires', async () => {
    const { clock, expired, add } = watched()
    add('first', () => void add('second'))
    await clock.advance(1_200)
    expect(expired.map(({ name }) => name)).toEqual(['first'])
    await clock.advance(1_200)
    expect(expired.map(({ name }) => name)).toEqual(['first', 'second'])
  })
})
