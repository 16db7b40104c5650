// What counts as standing still: messages that wait all the while, at one place, with nothing in the way.
import { expect, test } from 'vitest'
import { Standstill } from '../../../workers/drivers/kafka/standstill.ts'

const lane = (position: number) => ({ id: 'orders/0', partition: 0, position })
const ends = (end: number) => new Map([[0, end]])

test('a lane that has nothing to do never stands still, however long', () => {
  const still = new Standstill(10_000)
  const one = lane(5)
  expect(still.look([one], ends(5), 0)).toBe(undefined)
  expect(still.look([one], ends(5), 1e9)).toBe(undefined)
  // Something has just come: it is given its time.
  expect(still.look([one], ends(6), 2e9)).toBe(undefined)
  expect(still.look([one], ends(6), 2e9 + 9_999)).toBe(undefined)
  expect(still.look([one], ends(6), 2e9 + 10_000)).toBe(one)
})

test('a lane that moves is slow, and does not stand still', () => {
  const still = new Standstill(10_000)
  const one = lane(0)
  for (let now = 0; now < 100_000; now += 5_000) {
    expect(still.look([one], ends(1_000), now)).toBe(undefined)
    one.position++
  }
})

test('a lane that stands behind the end of a log that became shorter stands still', () => {
  const still = new Standstill(10_000)
  const one = lane(50)
  expect(still.look([one], ends(10), 0)).toBe(undefined)
  expect(still.look([one], ends(10), 10_000)).toBe(one)
})

test('a lane whose end nobody says does not stand still', () => {
  const still = new Standstill(10_000)
  const one = lane(50)
  still.look([one], new Map(), 0)
  expect(still.look([one], new Map(), 10_000)).toBe(undefined)
})

test('what holds the consumer back is an excuse, and so is a new tenure', () => {
  const still = new Standstill(10_000)
  const one = lane(0)
  still.look([one], ends(9), 0)
  still.excuse()
  expect(still.look([one], ends(9), 10_000)).toBe(undefined)
  const another = lane(0)
  expect(still.look([another], ends(9), 20_000)).toBe(undefined)
  expect(still.look([another], ends(9), 30_000)).toBe(another)
})
