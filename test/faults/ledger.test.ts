// The ledger on accounts that are right, and with one entry wrong in each way: each must be found.
import { expect, test } from 'vitest'
import { account, findings, type Seen } from './ledger.ts'
import type { Line } from './stage/line.ts'
import { makeLoad } from './stage/load.ts'
import type { SeenEffect } from './stage/views.ts'

const LINE: Line = { from: 'topic', to: ['command', 'event'] }
const items = makeLoad({ messages: 40, keys: 4, malformed: 20 }, LINE)
const good = items.filter(({ letter }) => letter === undefined)
const effects: readonly SeenEffect[] = good.map(({ id, place, key }) => ({ id, place, key }))
const letters = items
  .filter(({ letter }) => letter !== undefined)
  .map(({ id }) => ({ id, code: 'SLU5001' }))

const judged = (
  change: Partial<{ [Part in 'events' | 'commands']: readonly SeenEffect[] }> & Partial<Seen>,
  repeats = 0,
) => {
  const { events = effects, commands = effects, ...seen } = change
  const all: Seen = {
    letters,
    residue: {},
    effects: new Map([
      ['command', commands],
      ['event', events],
    ]),
    ...seen,
  }
  return account(LINE, items, all, { repeats })
}

test('a complete account holds', () => {
  expect(letters).toHaveLength(2)
  const right = judged({})
  expect(findings(right)).toEqual([])
  expect(right).toMatchObject({ holds: true, repeats: 0, worst: { command: 1, event: 1 } })
})

const first = effects[0] as SeenEffect
const WRONG: readonly (readonly [
  what: string,
  change: Parameters<typeof judged>[0],
  says: RegExp,
])[] = [
  ['an effect is lost', { events: effects.slice(1) }, /1 lost: event e0/],
  ['an effect of another sink is lost', { commands: effects.slice(1) }, /1 lost: command e0/],
  ['a dead letter is lost', { letters: letters.slice(1) }, /1 lost: letter e17/],
  [
    'an effect is invented',
    { events: [...effects, { ...first, id: 'e99' }] },
    /1 invented: event e99/,
  ],
  [
    'a letter is invented',
    { letters: [...letters, { id: 'e99', code: 'X' }] },
    /1 invented: letter e99/,
  ],
  ['what is no good has an effect', { events: [...effects, { ...first, id: 'e17' }] }, /invented/],
  [
    'two of a key change places',
    { events: [effects[4], first, ...effects.slice(1, 4), ...effects.slice(5)] as SeenEffect[] },
    /out of order/,
  ],
  [
    'an effect has another key',
    { events: [{ ...first, key: 'key-9' }, ...effects.slice(1)] },
    /out of order/,
  ],
  [
    'an effect is done twice',
    { events: [...effects, first] },
    /1 messages were done again, and 0 may/,
  ],
  [
    'a good one is a dead letter',
    { letters: [...letters, { id: 'e0', code: 'X' }] },
    /1 good ones/,
  ],
  ['something is left', { residue: { incoming: 3 } }, /3 left in incoming/],
]

test.each(WRONG)('%s', (_, change, says) => {
  const wrong = judged(change)
  expect(wrong.holds).toBe(false)
  expect(findings(wrong).join('\n')).toMatch(says)
})

test('repeats that a fault explains are none of its business', () => {
  expect(judged({ events: [...effects, first] }, 1).holds).toBe(true)
  // One message, done again: whatever it did.
  expect(judged({ events: [...effects, first], commands: [...effects, first] }, 1).holds).toBe(true)
  expect(judged({ events: [...effects, first, first] }, 1).holds).toBe(false)
})
