// The virtual clock: time passes when it is told to, and everything happens in one order.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'

describe('the virtual clock', () => {
  it('stands still by itself, and moves both its faces together', async () => {
    const clock = createVirtualClock(1_700_000_000_000)
    let fired = false
    clock.after(1, () => (fired = true))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([clock.now(), clock.monotonic(), fired]).toEqual([1_700_000_000_000, 0, false])
    await clock.advance(1.5)
    expect([clock.now(), clock.monotonic(), fired]).toEqual([1_700_000_000_001.5, 1.5, true])
  })

  it('fires in order of time, then of setting, each at its own time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 40 }),
        fc.array(fc.nat({ max: 39 }), { maxLength: 10 }),
        async (delays, cancelled) => {
          const clock = createVirtualClock(0)
          const fired: { n: number; at: number }[] = []
          const timers = delays.map((ms, n) =>
            clock.after(ms, () => fired.push({ n, at: clock.monotonic() })),
          )
          for (const n of cancelled) timers[n]?.cancel()
          await clock.advance(30)
          const expected = delays
            .map((ms, n) => ({ n, at: Math.max(0, ms) }))
            .filter(({ n }) => !cancelled.includes(n))
            .sort((a, b) => a.at - b.at || a.n - b.n)
          expect(fired).toEqual(expected)
          expect(clock.untilNext()).toBeUndefined()
        },
      ),
    )
  })

  it('lets what a timer caused happen before the next timer fires', async () => {
    const clock = createVirtualClock(0)
    const log: string[] = []
    const worker = async (name: string, ms: number) => {
      for (let round = 1; round <= 3; round++) {
        await clock.sleep(ms)
        for (let step = 0; step < 50; step++) await Promise.resolve()
        log.push(`${name}${round}@${clock.monotonic()}`)
      }
    }
    const work = Promise.all([worker('a', 20), worker('b', 30)])
    await clock.advance(59)
    expect(log).toEqual(['a1@20', 'b1@30', 'a2@40'])
    expect(clock.untilNext()).toBe(1)
    await clock.advance(100)
    await work
    // Of two at the same time, the one that was set first comes first.
    expect(log).toEqual(['a1@20', 'b1@30', 'a2@40', 'b2@60', 'a3@60', 'b3@90'])
  })

  it('ends a sleep at its signal, and leaves no timer behind', async () => {
    const clock = createVirtualClock(0)
    const given = new AbortController()
    const sleep = clock.sleep(1_000, given.signal)
    expect(clock.untilNext()).toBe(1_000)
    given.abort()
    await sleep
    expect([clock.monotonic(), clock.untilNext()]).toEqual([0, undefined])
  })

  it('tells what a timer threw', async () => {
    const clock = createVirtualClock(0)
    clock.after(5, () => {
      throw new Error('from a timer')
    })
    await expect(clock.advance(10)).rejects.toThrow('from a timer')
    expect(clock.monotonic()).toBe(5)
  })
})
