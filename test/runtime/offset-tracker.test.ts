import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'

/** Offsets with holes, and the order in which their messages finish. */
const history = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 300 })
  .chain((steps) => {
    let at = 99
    const offsets = steps.map((step) => (at += step))
    return fc.record({
      offsets: fc.constant(offsets),
      finished: fc.shuffledSubarray(offsets),
    })
  })

describe('the offset tracker', () => {
  test('never lets a commit pass an unfinished message, and passes every finished prefix', () => {
    fc.assert(
      fc.property(history, ({ offsets, finished }) => {
        const tracker = new OffsetTracker(100, '')
        const slots = new Map(offsets.map((offset) => [offset, tracker.take(offset)]))
        const open = new Set(offsets)
        for (const offset of finished) {
          tracker.finish(slots.get(offset) as number)
          open.delete(offset)
          const next = tracker.snapshot()?.next as number
          const lowest = open.size === 0 ? (offsets.at(-1) as number) + 1 : Math.min(...open)
          expect(next).toBe(lowest)
        }
        expect(tracker.open).toBe(open.size)
        for (let offset = 99; offset <= (offsets.at(-1) as number) + 1; offset++)
          expect(tracker.isOpen(offset)).toBe(open.has(offset))
      }),
    )
  })

  test('after a restart from any commit, exactly the unfinished messages are done again', () => {
    fc.assert(
      fc.property(history, ({ offsets, finished }) => {
        const tracker = new OffsetTracker(null, '')
        const slots = new Map(offsets.map((offset) => [offset, tracker.take(offset)]))
        for (const offset of finished) tracker.finish(slots.get(offset) as number)
        const commit = tracker.snapshot()
        expect(commit?.uncovered).toBe(0)
        const next = commit?.next as number
        const restarted = new OffsetTracker(next, commit?.note ?? '')
        const redelivered = offsets.filter((offset) => offset >= next)
        const again = redelivered.filter((offset) => !restarted.wasFinished(offset))
        const done = new Set(finished)
        expect(again).toEqual(offsets.filter((offset) => !done.has(offset)))
      }),
    )
  })

  test('what the note of an earlier tenure said stays said in the next commit', () => {
    const first = new OffsetTracker(0, '')
    const slots = [0, 1, 2, 3, 4].map((offset) => first.take(offset))
    for (const index of [2, 4]) first.finish(slots[index] as number)
    const { next, note } = first.snapshot() ?? { next: -1, note: '' }
    expect(next).toBe(0)
    const second = new OffsetTracker(next, note)
    second.finish(second.take(0))
    expect(second.snapshot()?.next).toBe(1)
    const third = new OffsetTracker(1, second.snapshot()?.note ?? '')
    expect([1, 2, 3, 4].map((offset) => third.wasFinished(offset))).toEqual([
      false,
      true,
      false,
      true,
    ])
  })

  test('with everything finished the commit goes to the end, over what an earlier tenure finished', () => {
    const first = new OffsetTracker(0, '')
    const [zero, one] = [first.take(0), first.take(1)]
    first.finish(one)
    const second = new OffsetTracker(0, first.snapshot()?.note ?? '')
    second.finish(second.take(0))
    expect(second.snapshot()).toEqual({ next: 2, note: '', uncovered: 0 })
    expect(first.finish(zero)).toBe(true)
    expect(first.snapshot()?.next).toBe(2)
  })

  test('finishing twice changes nothing', () => {
    const tracker = new OffsetTracker(0, '')
    const [a, b] = [tracker.take(0), tracker.take(1)]
    expect(tracker.finish(b)).toBe(false)
    expect(tracker.finish(b)).toBe(false)
    expect(tracker.open).toBe(1)
    tracker.finish(a)
    expect(tracker.finish(a)).toBe(false)
    expect(tracker.open).toBe(0)
  })

  test('knows nothing to commit before anything was committed or taken', () => {
    expect(new OffsetTracker(null, '').snapshot()).toBeUndefined()
    expect(new OffsetTracker(12, '').snapshot()).toEqual({ next: 12, note: '', uncovered: 0 })
  })

  test('says how much a note had no room for', () => {
    const tracker = new OffsetTracker(0, '')
    const slots = Array.from({ length: 10_000 }, (_, offset) => tracker.take(offset))
    for (let i = 1; i < slots.length; i += 2) tracker.finish(slots[i] as number)
    const snapshot = tracker.snapshot()
    const restarted = new OffsetTracker(0, snapshot?.note ?? '')
    const known = slots.filter((_, offset) => restarted.wasFinished(offset)).length
    expect(known).toBeGreaterThan(1_000)
    expect(snapshot?.uncovered).toBe(5_000 - known)
  })
})
