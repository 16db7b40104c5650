import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeNote, encodeNote, type OffsetRange } from '../../workers/runtime/offset-note.ts'
import { runs } from '../support/fuzz.ts'

/** Ascending ranges that neither touch one another nor `next`. */
const ranges = (max: number) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000 })), {
    maxLength: max,
  })

const placed = (next: number, pairs: readonly (readonly [number, number])[]): OffsetRange[] => {
  let at = next
  return pairs.map(([open, finished]) => {
    const from = at + open
    at = from + finished
    return [from, at] as const
  })
}

describe('the note of a commit', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 50 }), ranges(50), (next, pairs) => {
        const given = placed(next, pairs)
        expect(decodeNote(next, encodeNote(next, given).text)).toEqual(given)
      }),
    )
  })

  test('never exceeds what Kafka stores, and then keeps the lowest ranges', () => {
    fc.assert(
      fc.property(ranges(4_000), (pairs) => {
        const given = placed(7, pairs)
        const note = encodeNote(7, given)
        expect(note.text.length).toBeLessThanOrEqual(4_000)
        expect(decodeNote(7, note.text)).toEqual(given.slice(0, note.ranges))
      }),
      { numRuns: runs(30) },
    )
  })

  test('a foreign or damaged note claims nothing', () => {
    for (const text of ['', 'hello', 'f1:', 'f1:====', 'f1:gICA', 'f1:AAA', 'f2:AQE', '{"a":1}'])
      expect(decodeNote(0, text)).toEqual([])
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const [from, to] of decodeNote(5, `f1:${text}`)) expect(to).toBeGreaterThan(from)
      }),
    )
  })
})
