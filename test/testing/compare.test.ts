// How a value is compared with what was written, and what arrived with what was expected: as many pairs as there can be.
import { describe, expect, test } from 'vitest'
import { differences, type Pattern } from '../../workers/testing/matchers.ts'
import { pair } from '../../workers/testing/pairing.ts'

const places = (pattern: Pattern, actual: unknown, part = false) =>
  differences(pattern, actual, part).map(({ path }) => path.join('.'))

describe('a value', () => {
  test.each<[what: string, pattern: Pattern, actual: unknown, differs: string[]]>([
    ['equal, whatever the order of fields', { a: 1, b: [2] }, { b: [2], a: 1 }, []],
    ['a number is no text', { a: 1 }, { a: '1' }, ['a']],
    ['null is not nothing', { a: null }, {}, ['a']],
    ['a field too many', { a: 1 }, { a: 1, b: 2 }, ['b']],
    ['a field that only prototypes have', { toString: { $any: true } }, {}, ['toString']],
    ['lists by place and length', { a: [1, 2] }, { a: [2, 2, 3] }, ['a.0', 'a.2']],
    ['any, but not nothing', { a: { $any: true }, b: { $any: true } }, { a: null }, ['b']],
    ['near enough', { $approx: { value: 0.5, within: 0.25 } }, 0.75, []],
    ['not near enough', { $approx: { value: 0.5, within: 0.25 } }, 0.751, ['']],
    ['a pattern is for texts', { a: { $pattern: '^1' } }, { a: 1 }, ['a']],
    ['a pattern anywhere in it', { $pattern: 'b' }, 'abc', []],
  ])('%s', (_what, pattern, actual, differs) => {
    expect(places(pattern, actual)).toEqual(differs)
  })

  test('in part: what is not written may be there, at every depth, but not in lists', () => {
    expect(places({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }, true)).toEqual([])
    expect(places({ a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }] }, true)).toEqual([])
    expect(places({ a: [1] }, { a: [1, 2] }, true)).toEqual(['a.1'])
  })
})

describe('pairs', () => {
  const place = { file: 'f', line: 1, column: 1, length: 1 }
  const expected = (pattern: Pattern) => ({
    at: place,
    fields: [{ name: 'value', pattern, part: false, at: () => place }],
  })
  const seen = (value: unknown) => ({
    section: 'events' as const,
    destination: 'billed',
    fields: { value },
    cause: undefined,
  })
  const any = { $any: true }

  test('what fits several things leaves them to what fits one only', () => {
    const { pairs, near, missing, unexpected } = pair(
      [expected(any), expected({ $pattern: '^a' }), expected('a')],
      [seen('a'), seen('ab'), seen('c')],
    )
    expect([...pairs]).toEqual([
      [0, 2],
      [1, 1],
      [2, 0],
    ])
    expect([near, missing, unexpected]).toEqual([[], [], []])
  })

  test('what fits nothing is shown beside what is most like it', () => {
    const { near, missing, unexpected } = pair(
      [expected({ a: 1, b: 2 }), expected('x')],
      [seen({ a: 5, b: 6 }), seen({ a: 1, b: 3 })],
    )
    expect(near.map((one) => [one.expected, one.seen])).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect([missing, unexpected]).toEqual([[], []])
  })

  test('what is left over is missing or too much', () => {
    expect(pair([expected(1), expected(2)], [seen(2)]).missing).toEqual([0])
    expect(pair([expected(1)], [seen(2), seen(1)]).unexpected).toEqual([0])
  })
})
