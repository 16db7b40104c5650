// Who holds a partition, and what may happen again when somebody lost it: effects, commits and repeats by whoever was given it, or was not.
import { expect, test } from 'vitest'
import type { Happening } from '../../workers/oracle/history.ts'
import {
  began,
  committed,
  counted,
  doubted,
  effect,
  gone,
  granted,
  killed,
  marked,
  returned,
  said,
  small,
} from './small-history.ts'

const done = (process = 'w1'): Happening[] => [began(0, 'alert', process), effect(0)]
const duplicates = (...course: Happening[]) => said('duplicates', small(course))
const claimed = (process: string): Happening => ({ kind: 'claimed', process, message: 0 })

test('what has happened is begun again only after something that makes it come again', () => {
  for (const why of [doubted, gone(false), killed('w2'), granted([1])])
    expect(duplicates(...done(), why, ...done())).toEqual([])
  expect(duplicates(...done(), ...done())).toHaveLength(1)
  expect(duplicates(doubted, ...done(), ...done())).toHaveLength(1)
})

test('what was begun and did not happen is begun again', () => {
  expect(duplicates(began(0), began(0), effect(0))).toEqual([])
})

test('an effect that was under way when its process lost its place belongs to that tenure', () => {
  const late = [began(0), gone(false), granted([0]), began(0), effect(0), began(0), effect(0)]
  expect(duplicates(...late)).toEqual([])
  expect(duplicates(...late, began(0))).toHaveLength(1)
})

test('of a message that came back from where it was parked there are as many copies as came back', () => {
  const back = [returned(0, 1_000_000, 0), returned(0, 1_000_000, 1)]
  expect(duplicates(...back, ...done(), ...done())).toEqual([])
  expect(duplicates(...back, ...done(), ...done(), ...done(), ...done())).toHaveLength(1)
})

test('without records nothing is suppressed', () => {
  const suppressing = counted({ accepted: 1, duplicates: 1 })
  expect(duplicates(suppressing)).toHaveLength(1)
  expect(said('duplicates', small([suppressing]), { once: true })).toEqual([])
  const behind = new Map([['fresh', new Set(['alert'])]])
  expect(said('duplicates', small([suppressing]), { behind })).toEqual([])
})

test('who was let work on a message before it was done elsewhere could not know', () => {
  const course = (...before: Happening[]) =>
    said('duplicates', small([granted([0], 'w2'), ...before, began(0, 'alert', 'w2')]), {
      once: true,
    })
  expect(course(claimed('w2'), marked(0))).toEqual([])
  expect(course(marked(0), claimed('w2'))).toHaveLength(1)
  expect(course(claimed('w1'), marked(0))).toHaveLength(1)
})

test('whoever is given a partition takes it from everybody else, if it is one process at a time that has it', () => {
  const course = small([granted([0]), granted([0], 'w2'), began(0)])
  expect(said('fenced', course)).toHaveLength(1)
  expect(said('fenced', course, { exclusive: false })).toEqual([])
  expect(said('fenced', small([granted([0]), granted([1], 'w2'), began(0)]))).toEqual([])
})

test('a commit is of a partition that is held, and none is taken back', () => {
  expect(said('fenced', small([granted([0]), committed(1), committed(1)]))).toEqual([])
  expect(said('fenced', small([granted([0]), gone(true), committed(1)]))).toEqual([
    '2: w1 committed 1 of partition 0, and does not hold it',
  ])
  expect(said('fenced', small([granted([0]), committed(2), committed(1)]))).toEqual([
    '2: w1 took partition 0 back from 2 to 1',
  ])
  // A queue is settled message by message, by whoever has it.
  expect(said('fenced', small([committed(1), committed(0)]), { exclusive: false })).toEqual([])
})

test('a partition that was taken away explains what is done again', () => {
  const course = [granted([0]), ...done(), granted([0], 'w2'), ...done('w2')]
  expect(said('bounded', small(course))).toEqual([])
  expect(said('bounded', small(course), { exclusive: false })).toHaveLength(1)
})
