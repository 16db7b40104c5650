// What the cases that processes left behind say of a message: how many may be at work with it, and how often one ended under it alone.
import { expect, it } from 'vitest'
import { casesIn, suspicions, type Case } from '../../../workers/runtime/quarantine/cases.ts'

const left = (atOnce: number, keys: readonly string[], holder = 'other'): Case => ({
  version: 1,
  holder,
  atOnce,
  keys,
})
const of = (...cases: Case[]) => Object.fromEntries(suspicions(cases, 'me'))

it('each end under a case leaves fewer at once', () => {
  expect(of(left(256, ['a', 'b']))).toEqual({
    a: { atOnce: 16, ends: 0 },
    b: { atOnce: 16, ends: 0 },
  })
  expect(of(left(16, ['a']), left(256, ['a', 'b']))).toMatchObject({
    a: { atOnce: 1 },
    b: { atOnce: 16 },
  })
  expect(of(left(8, ['a']))).toMatchObject({ a: { atOnce: 1, ends: 0 } })
})

it('only ends under a marker of its own are counted', () => {
  const cases = [left(1, ['a']), left(256, ['a', 'b']), left(1, ['a']), left(1, ['b'])]
  expect(of(...cases)).toEqual({ a: { atOnce: 1, ends: 2 }, b: { atOnce: 1, ends: 1 } })
})

it('what is at work here is suspected for nothing', () => {
  expect(of(left(1, ['a'], 'me'), left(256, ['b'], 'me'))).toEqual({})
})

it('what this version did not write says nothing', () => {
  const texts = ['', '{', 'null', '{"version":2}', JSON.stringify(left(1, ['a']))]
  const found = casesIn(new Map(texts.map((text, at) => [String(at), text])))
  expect([...found.keys()]).toEqual(['4'])
})
