// What one tenure leaves the next: when an end is unclean, and whom it makes a suspect.
import { describe, expect, it } from 'vitest'
import {
  passed,
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

describe('an unclean end', () => {
  it('makes suspects of what was handed out and not committed', () => {
    expect(first).toMatchObject({ from: 100, to: 100 })
    expect(afterOne).toMatchObject({ from: 150, to: 400 })
  })

  it('adds what was handed out besides, and offsets go on to name the same messages', () => {
    const afterTwo = taken('c', 160, left(afterOne, 450))
    expect(afterTwo).toMatchObject({ from: 160, to: 450, epoch: afterOne.epoch })
    expect(taken('c', 160, afterOne)).toMatchObject({ to: 400, epoch: afterOne.epoch })
  })

  it('with everything done is none', () => {
    expect(taken('b', 400, left(first, 400))).toMatchObject({ from: 400, to: 400 })
  })

  it('after all suspects have passed says nothing of them', () => {
    const later = left(passed(afterOne), 700)
    expect(later.to).toBe(later.from)
    expect(taken('c', 400, later)).toMatchObject({ to: 700 })
    expect(taken('c', 400, later).epoch).not.toBe(afterOne.epoch)
  })
})

describe('what is no unclean end', () => {
  it('a lane that was given up in order; who was a suspect stays one', () => {
    expect(taken('c', 160, left(afterOne, 500, { open: false }))).toMatchObject({ to: 400 })
    expect(taken('c', 400, left(afterOne, 500, { open: false }))).toMatchObject({ to: 400 })
    expect(taken('c', 120, left(first, 500, { open: false }))).toMatchObject({ to: 120 })
  })

  it('the same process that is granted its lane again', () => {
    expect(taken('a', 150, left(first, 400))).toMatchObject({ to: 150 })
    expect(taken('b', 150, left(afterOne, 500))).toMatchObject({ to: 400 })
  })

  it('an offset that somebody has reset: it names another message from then on', () => {
    const reset = taken('c', 10, left(afterOne, 400))
    expect(reset).toMatchObject({ from: 10, to: 10 })
    expect(reset.epoch).not.toBe(afterOne.epoch)
  })
})

it.each([undefined, '', '{', 'null', '[]', '{"version":1}'])('%s is no record', (text) => {
  expect(recordOf(text)).toBeUndefined()
})
