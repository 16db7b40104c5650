// Windows in histories made by hand: what they hold and where they went is looked at, and each single wrong is found.
import { describe, expect, test } from 'vitest'
import type { Happening, Row } from '../../workers/oracle/history.ts'
import { committed, does, letter, said, small } from './small-history.ts'

const ROLLS = { rolls: new Map([['closed', new Set(['roll'])]]) }

const added = (message: number, more: Partial<Happening & { kind: 'window' }> = {}): Happening => ({
  kind: 'window',
  process: 'w1',
  message,
  step: 'closed',
  id: `e${message}`,
  place: '0',
  result: 'counted',
  name: 'first',
  numbers: [message],
  closed: [],
  ...more,
})
const rolled = (message: number, item = '0', body = 'row'): Happening => ({
  kind: 'rolled',
  process: 'w1',
  message,
  step: 'roll',
  item,
  body,
})
const row = (more: Partial<Row> = {}): Row => ({
  name: 'first',
  first: 'e0',
  count: 2,
  sums: [1],
  ...more,
})
const closing = (more: Partial<Row> = {}) => added(2, { name: 'second', closed: [row(more)] })
const nothing = { outcomes: [does(), does(), does()] }

const saidOf = (...happenings: Happening[]) =>
  said('settled', small([...happenings, committed(3)], nothing), ROLLS)

describe('what windows hold', () => {
  test('is right when each message is in one, and each row was sent before its message was settled', () => {
    expect(saidOf(added(0), added(1), closing(), rolled(2))).toEqual([])
  })

  test('may be sent again, by whoever brings the message again', () => {
    const again = added(2, { name: 'second', closed: [row()], result: 'repeated' })
    expect(saidOf(added(0), added(1), closing(), again, rolled(2), rolled(2))).toEqual([])
  })

  test('need not be sent by a message that became a dead letter', () => {
    expect(saidOf(added(0), added(1), closing(), letter(2))).toEqual([])
  })

  test.each<[string, Happening[], RegExp]>([
    ['a row is not sent', [added(0), added(1), closing()], /settled before it sent the windows/],
    [
      'a message is in it twice',
      [added(0), added(1), added(1), closing({ count: 3, sums: [2] }), rolled(2)],
      /e1 is in a window of step closed twice/,
    ],
    [
      'a message is missing',
      [added(0), added(1), closing({ count: 1 }), rolled(2)],
      /counts 1 messages, and 2 came to it/,
    ],
    [
      'a sum is wrong',
      [added(0), added(1), closing({ sums: [7] }), rolled(2)],
      /sums up 7, and 1 came to it/,
    ],
    [
      'a row is given to two',
      [
        added(0),
        added(1, { name: 'second', closed: [row({ count: 1, sums: [0] })] }),
        rolled(1),
        added(2, { name: 'second', closed: [row({ count: 1, sums: [0] })] }),
        rolled(2),
      ],
      /was given to e1 and to e2/,
    ],
    [
      'a row is sent that was not closed',
      [added(0), rolled(1), added(1), closing(), rolled(2)],
      /message 1 did not close/,
    ],
    [
      'a row says another thing when it is sent again',
      [added(0), added(1), closing(), rolled(2), rolled(2, '0', 'other')],
      /said another thing again/,
    ],
    [
      'a repeat was never there',
      [added(0), added(1, { result: 'repeated' }), closing({ count: 1, sums: [0] }), rolled(2)],
      /e1 is said to be in a window/,
    ],
  ])('is found when %s', (_, happenings, what) => {
    const found = saidOf(...happenings)
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toMatch(what)
  })
})
