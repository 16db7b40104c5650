// Messages of which a copy waits for another attempt: one place is passed when another holds the message, and the last one once it is finished.
import { expect, test } from 'vitest'
import type { Happening } from '../../workers/oracle/history.ts'
import { judge } from '../../workers/oracle/judge.ts'
import { INVARIANTS } from '../../workers/oracle/verdict.ts'
import {
  arrival,
  began,
  committed,
  does,
  effect,
  gone,
  granted,
  parked,
  PROMISED,
  returned,
  small,
} from './small-history.ts'

/** The lane of a tier, beyond all partitions of the source. */
const TIER = 1_000_000
const passed = (next: number, partition = 0) => committed(next, [], partition)

/** Message 0 alone. */
const judged = (...course: readonly Happening[]) => {
  const history = small(course, {
    arrivals: [arrival(0)],
    outcomes: [does('alert')],
    ends: new Map([[0, 1]]),
  })
  const verdicts = judge(history, { ...PROMISED, order: 'none' })
  return INVARIANTS.filter((name) => verdicts[name].violations.length > 0)
}

test('a message may be passed while a copy of it waits, and the copy once it is finished', () => {
  const course = [granted([0, TIER]), parked(0), passed(1), returned(0, TIER), began(0), effect(0)]
  expect(judged(...course, passed(1, TIER))).toEqual([])
})

test('the last copy is not passed before the message is finished', () => {
  const lost = [granted([0, TIER]), parked(0), passed(1), returned(0, TIER), passed(1, TIER)]
  expect(judged(...lost)).toEqual(['settled'])
  const early = [granted([0, TIER]), passed(1), parked(0), returned(0, TIER), began(0), effect(0)]
  expect(judged(...early)).toEqual(['settled'])
})

test('a copy is worked on by who holds its tier, or the message by who holds its partition', () => {
  const elsewhere = [granted([0]), parked(0), passed(1), returned(0, TIER), gone(true)]
  expect(judged(...elsewhere, began(0), effect(0))).toEqual(['fenced'])
  expect(judged(...elsewhere, granted([TIER]), began(0), effect(0))).toEqual([])
})
