// The ledger on accounts that are right, and with one entry wrong in each way: each must be found.
import { expect, test } from 'vitest'
import {
  account,
  findings,
  type Entry,
  type Seen,
  type SeenEffect,
} from '../../workers/oracle/ledger.ts'

const entries: readonly Entry[] = Array.from({ length: 40 }, (_, n) => ({
  id: `e${n}`,
  key: `key-${n % 4}`,
  place: Math.floor(n / 4),
  fatal: n === 17 || n === 37,
}))
const effects = entries.filter(({ fatal }) => !fatal).map(({ id, key }) => ({ id, key }))
const letters = ['e17', 'e37'].map((id) => ({ id, code: 'SLU5001' }))

const judged = (
  change: Partial<{ [Part in 'events' | 'commands']: readonly SeenEffect[] }> &
    Partial<Seen<string>>,
  repeats = 0,
) => {
  const { events = effects, commands = effects, ...seen } = change
  const all: Seen<string> = {
    letters,
    residue: {},
    effects: new Map([
      ['command', commands],
      ['event', events],
    ]),
    ...seen,
  }
  return account(entries, all, { repeats, ordered: ['command', 'event'], robbed: [] })
}

test('a complete account holds', () => {
  const right = judged({})
  expect(findings(right)).toEqual([])
  expect(right).toMatchObject({ repeats: 0, worst: { command: 1, event: 1, letter: 1 } })
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
    'a dead letter is written twice',
    { letters: [...letters, ...letters.slice(1)] },
    /1 messages were done again/,
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
  expect(findings(wrong).join('\n')).toMatch(says)
})

test('repeats that a fault explains are none of its business', () => {
  expect(findings(judged({ events: [...effects, first] }, 1))).toEqual([])
  // One message, done again: whatever it did.
  expect(
    findings(judged({ events: [...effects, first], commands: [...effects, first] }, 1)),
  ).toEqual([])
  expect(findings(judged({ events: [...effects, first, first] }, 1))).toHaveLength(1)
})

test('whoever was robbed misses nothing, and what has no order is in none', () => {
  const seen = {
    letters,
    residue: {},
    effects: new Map([['event', effects.toReversed().slice(3)]]),
  }
  const judgedAs = (ordered: readonly string[], robbed: readonly string[]) =>
    findings(account(entries, seen, { repeats: 0, ordered, robbed })).length
  expect(judgedAs([], ['event'])).toBe(0)
  expect(judgedAs(['event'], ['event'])).toBe(1)
  expect(judgedAs([], [])).toBe(1)
})
