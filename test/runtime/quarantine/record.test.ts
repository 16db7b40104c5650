// What one tenure leaves the next: when an end is unclean, whom it makes a suspect, and when the suspects run alone.
import { describe, expect, it } from 'vitest'
import {
  isAlone,
  recordOf,
  taken,
  type LaneRecord,
} from '../../../workers/runtime/quarantine/record.ts'

/** As it stands when its process ends: messages below `upTo` were handed out. */
const left = (record: LaneRecord, upTo: number, more: Partial<LaneRecord> = {}): LaneRecord => ({
  ...record,
  upTo,
  ...more,
})

const first = taken('a', 100, undefined)
const afterOne = taken('b', 150, left(first, 400))
const afterTwo = taken('c', 160, left(afterOne, 300))

describe('unclean ends', () => {
  it('one makes suspects of what was handed out, and nothing runs alone', () => {
    expect(afterOne).toMatchObject({ ends: 1, from: 150, to: 400 })
    expect(isAlone(afterOne)).toBe(false)
  })

  it('a second one with suspects left runs those alone that were handed out both times', () => {
    expect(afterTwo).toMatchObject({ ends: 2, from: 160, to: 300, ended: {} })
    expect(isAlone(afterTwo)).toBe(true)
  })

  it('a second one after all suspects were done says nothing of the first', () => {
    const later = taken('c', 400, left(afterOne, 700))
    expect(later).toMatchObject({ ends: 1, to: 700 })
    expect(isAlone(later)).toBe(false)
  })

  it('an end with everything done is none', () => {
    expect(taken('b', 400, left(first, 400))).toMatchObject({ ends: 0 })
  })

  it('those who run alone stay the same through further ends', () => {
    const afterThree = taken('d', 170, left(afterTwo, 160, { runs: 171 }))
    expect(afterThree).toMatchObject({ ends: 3, to: 300, runs: undefined, ended: { 171: 1 } })
    expect(isAlone(afterThree)).toBe(true)
  })
})

describe('ends under a marker', () => {
  it('count for the message that ran, whoever ran in between', () => {
    let record = afterTwo
    for (const [holder, runs] of [
      ['d', 171],
      ['e', 165],
      ['f', 171],
      ['g', 171],
    ] as const)
      record = taken(holder, 165, left(record, 165, { runs }))
    expect(record.ended).toEqual({ 171: 3, 165: 1 })
  })

  it('do not count when nothing ran', () => {
    expect(taken('d', 170, left(afterTwo, 160)).ended).toEqual({})
  })
})

describe('what is no unclean end', () => {
  it('a lane that was given up in order', () => {
    const next = taken('c', 160, left(afterOne, 300, { open: false }))
    expect(next).toMatchObject({ ends: 1, to: 400 })
    expect(taken('c', 400, left(afterOne, 500, { open: false }))).toMatchObject({ ends: 0 })
  })

  it('suspects that run alone go on to do so after a restart in order, and no end is counted', () => {
    const next = taken('d', 170, left(afterTwo, 160, { open: false, ended: { 171: 1 } }))
    expect(next).toMatchObject({ ends: 2, to: 300, ended: { 171: 1 } })
    expect(isAlone(next)).toBe(true)
  })

  it('the same process that is granted its lane again; what it suspected it suspects still', () => {
    expect(taken('a', 150, left(first, 400))).toMatchObject({ ends: 0 })
    for (const open of [true, false])
      expect(taken('b', 150, left(afterOne, 400, { open }))).toMatchObject({ ends: 1, to: 400 })
  })

  it('an offset that somebody has reset', () => {
    expect(taken('c', 10, left(afterOne, 400))).toMatchObject({ ends: 0, from: 10 })
  })
})

it.each([undefined, '', '{', 'null', '[]', '{"version":2}'])('%s is no record', (text) => {
  expect(recordOf(text)).toBeUndefined()
})
