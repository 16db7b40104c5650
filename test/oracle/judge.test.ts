// The oracle on histories made by hand: a right one passes, and each single wrong in it is found, by the invariant it breaks.
import { expect, test } from 'vitest'
import type { Happening, History } from '../../workers/oracle/history.ts'
import { judge } from '../../workers/oracle/judge.ts'
import { INVARIANTS, type Invariant } from '../../workers/oracle/verdict.ts'

const PROMISED = {
  order: 'key',
  concurrency: 2,
  window: 4,
  drainWithinMs: 1_000,
  exclusive: true,
  once: true,
  behind: new Map([['fresh', new Set(['alert'])]]),
} as const

const counts = (more: Partial<(Happening & { kind: 'counted' })['counts']> = {}) => ({
  accepted: 0,
  acked: 0,
  filtered: 0,
  deadLettered: 0,
  duplicates: 0,
  parked: 0,
  inFlight: 0,
  retried: 0,
  released: 0,
  ...more,
})
const began = (message: number): Happening => ({
  kind: 'began',
  process: 'w1',
  step: 'alert',
  message,
})
const effect = (message: number | undefined, body = `of ${message}`): Happening => ({
  kind: 'effect',
  process: 'w1',
  step: 'alert',
  message,
  body,
})
const guarded: Happening = {
  kind: 'effect',
  process: 'w1',
  step: 'alert',
  message: 1,
  body: 'of 1',
  guarded: true,
}
const marked = (message: number, claim?: string): Happening => ({
  kind: 'marked',
  process: 'w1',
  message,
  ...(claim === undefined ? {} : { claim }),
})
const letter = (message: number, code = 'SLU5001'): Happening => ({
  kind: 'letter',
  process: 'w1',
  message,
  code,
})
const committed = (next: number, finished: [number, number][] = []): Happening => ({
  kind: 'committed',
  process: 'w1',
  partition: 0,
  next,
  finished,
})

/** Messages 0, 1 (one key), 2 (no good), 3 (filtered), 4 (fresh), 5 (the same as 1), all of one partition. */
const RIGHT: History = {
  arrivals: ['a', 'a', 'b', 'c', 'a', 'd'].map((key, offset) => ({ partition: 0, offset, key })),
  outcomes: [
    { effects: [{ step: 'alert', body: 'of 0' }], letter: undefined },
    { effects: [{ step: 'alert', body: 'of 1' }], letter: undefined },
    { effects: [], letter: 'SLU5001' },
    { effects: [], letter: undefined },
    { effects: [{ step: 'alert', body: 'of 4' }], letter: undefined },
    { effects: [{ step: 'alert', body: 'of 1' }], letter: undefined },
  ],
  happenings: [
    { kind: 'granted', process: 'w1', partitions: [0] },
    began(0),
    effect(0),
    marked(0),
    { kind: 'counted', process: 'w1', counts: counts({ accepted: 3, acked: 1, inFlight: 2 }) },
    letter(2),
    committed(1, [[2, 4]]),
    began(1),
    effect(1),
    marked(1),
    committed(4),
    began(4),
    effect(4),
    marked(4),
    committed(6),
    { kind: 'stopping', process: 'w1' },
    { kind: 'gone', process: 'w1', partitions: [0], drained: true },
    { kind: 'stopped', process: 'w1', tookMs: 10 },
  ],
  repeats: new Map([[5, 1]]),
  claims: new Map(),
  fresh: [4],
  hostile: [2],
  ends: new Map([[0, 6]]),
  rested: true,
}

const broken = (history: History) => {
  const verdicts = judge(history, PROMISED)
  return INVARIANTS.filter((name) => verdicts[name].violations.length > 0)
}

test('a right history breaks nothing, and everything in it was looked at', () => {
  const verdicts = judge(RIGHT, PROMISED)
  expect(INVARIANTS.flatMap((name) => verdicts[name].violations)).toEqual([])
  expect(INVARIANTS.filter((name) => verdicts[name].checked === 0)).toEqual([])
})

const { happenings } = RIGHT
const at = (kind: Happening['kind'], nth = 0) =>
  happenings.flatMap((one, index) => (one.kind === kind ? [index] : []))[nth] ?? -1
const without = (index: number) => happenings.toSpliced(index, 1)
const before = (index: number, ...more: Happening[]) => happenings.toSpliced(index, 0, ...more)
const as = (index: number, happening: Happening) => happenings.toSpliced(index, 1, happening)

const WRONGS: readonly (readonly [string, Partial<History>, readonly Invariant[]])[] = [
  ['an effect is lost', { happenings: without(at('effect', 1)) }, ['settled']],
  ['the last effect is lost', { happenings: without(at('effect', 2)) }, ['settled', 'progress']],
  ['a dead letter is lost', { happenings: without(at('letter')) }, ['settled', 'hostile']],
  [
    'an offset is committed before its effect',
    { happenings: before(at('effect', 1), committed(2)) },
    ['settled', 'duplicates'],
  ],
  [
    'a note claims what is not finished',
    { happenings: as(at('committed'), committed(1, [[1, 2]])) },
    ['settled', 'duplicates'],
  ],
  ['an effect is invented', { happenings: before(at('stopping'), effect(3)) }, ['settled']],
  [
    'an effect says something else',
    { happenings: as(at('effect', 1), effect(1, 'of another')) },
    ['settled'],
  ],
  [
    'an effect happens twice without a fault',
    { happenings: before(at('stopping'), effect(1)) },
    ['bounded'],
  ],
  [
    'more happens again than a kill explains',
    {
      happenings: before(
        at('stopping'),
        { kind: 'killed', process: 'w2' },
        ...Array.from({ length: 5 }, () => effect(1)),
      ),
    },
    ['bounded'],
  ],
  [
    'a key is out of order',
    {
      happenings: happenings.map((one, index) =>
        index === at('effect') ? effect(1) : index === at('effect', 1) ? effect(0) : one,
      ),
    },
    ['settled', 'order'],
  ],
  [
    'the window is not kept',
    {
      happenings: before(3, {
        kind: 'counted',
        process: 'w1',
        counts: counts({ accepted: 5, inFlight: 5 }),
      }),
    },
    ['bounded'],
  ],
  [
    'a message is in no count',
    {
      happenings: before(3, {
        kind: 'counted',
        process: 'w1',
        counts: counts({ accepted: 2, acked: 1 }),
      }),
    },
    ['conservation'],
  ],
  [
    'a good message is dead-lettered',
    { happenings: before(at('stopping'), letter(1)) },
    ['failure'],
  ],
  [
    'a dead letter has another code',
    { happenings: as(at('letter'), letter(2, 'SLU5002')) },
    ['failure'],
  ],
  [
    'an effect is begun by who does not hold the partition',
    { happenings: before(at('stopped'), began(1)) },
    ['fenced', 'duplicates'],
  ],
  [
    'a good message is dead-lettered while stopping',
    { happenings: before(at('stopped'), letter(1)) },
    ['failure', 'shutdown'],
  ],
  [
    'stopping takes too long',
    { happenings: as(at('stopped'), { kind: 'stopped', process: 'w1', tookMs: 60_000 }) },
    ['shutdown'],
  ],
  [
    'a message ends twice, with its effect and as a dead letter',
    { happenings: before(at('letter'), letter(0)) },
    ['failure'],
  ],
  [
    'a partition is committed beyond its end',
    { happenings: as(at('committed', 2), committed(7)) },
    ['progress'],
  ],
  [
    'an offset is committed by who does not hold the partition',
    { happenings: before(at('stopped'), committed(6)) },
    ['fenced'],
  ],
  ['a commit is taken back', { happenings: before(at('committed', 2), committed(3)) }, ['fenced']],
  ['it does not come to rest', { rested: false }, ['progress']],
  ['a commit is missing at the end', { happenings: without(at('committed', 2)) }, ['progress']],
  ['an effect has no trace', { happenings: before(at('stopping'), effect(undefined)) }, ['trace']],
  [
    'a message has an effect after it was marked as done',
    { happenings: before(at('stopping'), began(1)) },
    ['duplicates'],
  ],
  [
    'what comes again has the effect again',
    { happenings: before(at('marked', 1), effect(5, 'of 1')) },
    ['duplicates'],
  ],
  [
    'what comes behind a dedupe step begins for a key of which another is done',
    {
      claims: new Map([['fresh:k', new Set([0, 4])]]),
      happenings: before(at('marked'), marked(0, 'fresh:k')),
    },
    ['duplicates'],
  ],
  [
    'a guarded effect happens again, though a fault would explain it',
    {
      happenings: [
        ...happenings.slice(0, at('stopping')),
        { kind: 'killed', process: 'w2' },
        guarded,
        guarded,
        ...happenings.slice(at('stopping')),
      ],
    },
    ['duplicates'],
  ],
  [
    'a message is settled before it is marked as done',
    { happenings: without(at('marked', 1)) },
    ['duplicates'],
  ],
  [
    'what is no good has an effect',
    { happenings: before(at('stopping'), effect(2)) },
    ['settled', 'hostile'],
  ],
]

test.each(WRONGS)('%s', (_what, change, invariants) => {
  expect(broken({ ...RIGHT, ...change })).toEqual(invariants)
})

test('every invariant is broken by some history', () => {
  const found = new Set(WRONGS.flatMap(([, , invariants]) => invariants))
  expect(INVARIANTS.filter((name) => !found.has(name))).toEqual([])
})

test('one message of a key stands for another, unless it ends in a dead letter', () => {
  const claims = (...numbers: number[]) => new Map([['seen:k', new Set(numbers)]])
  const lost = { happenings: without(at('effect', 1)).filter(({ kind }) => kind !== 'marked') }
  const settledBy = (change: Partial<History>) =>
    judge({ ...RIGHT, ...change }, { ...PROMISED, once: false }).settled.violations.length
  expect(settledBy({ ...lost, claims: claims(0, 1, 5) })).toBe(0)
  expect(settledBy({ ...lost, claims: claims(1, 2, 5) })).toBeGreaterThan(0)
})

test('without once a repeat is a message as any other', () => {
  const repeat = before(at('stopping'), began(5), effect(5, 'of 1'))
  const verdicts = judge({ ...RIGHT, happenings: repeat }, { ...PROMISED, once: false })
  expect(verdicts.duplicates.violations).toEqual([])
})

test('a kill explains as many repeats as it may cause', () => {
  const repeats = Array.from({ length: 4 }, () => effect(1))
  const killed: Happening = { kind: 'killed', process: 'w2' }
  expect(broken({ ...RIGHT, happenings: before(at('stopping'), killed, ...repeats) })).toEqual([])
})

/** Messages 0 and 1 of one key, each with two items of one step. */
const items = (...done: readonly (readonly [message: number, item: string])[]): History => {
  const ofItem = (message: number, item: string) => ({
    step: 'alert',
    item,
    body: `of ${message}, ${item}`,
  })
  const all = [0, 1].map((message) => ({
    effects: ['0', '1'].map((item) => ofItem(message, item)),
    letter: undefined,
  }))
  return {
    ...RIGHT,
    arrivals: RIGHT.arrivals.slice(0, 2),
    outcomes: all,
    happenings: [
      { kind: 'granted', process: 'w1', partitions: [0] },
      ...done.map(([message, item]): Happening => ({
        kind: 'effect',
        process: 'w1',
        message,
        ...ofItem(message, item),
      })),
      marked(0),
      marked(1),
      committed(2),
    ],
    fresh: [],
    hostile: [],
    repeats: new Map(),
    ends: new Map([[0, 2]]),
  }
}
const FIRST = [
  [0, '0'],
  [0, '1'],
] as const
const SECOND = [
  [1, '0'],
  [1, '1'],
] as const

test('several effects of one step are one for each item', () => {
  expect(broken(items(...FIRST, ...SECOND))).toEqual([])
  expect(broken(items(...FIRST, [1, '0']))).toEqual(['settled'])
})

test('items come in their order, and a message after the last item of the one before', () => {
  expect(broken(items(...FIRST, ...SECOND.toReversed()))).toEqual(['order'])
  expect(broken(items([0, '0'], ...SECOND, [0, '1']))).toEqual(['order'])
})

test('a message that is done again does all of its items again, and counts once', () => {
  const again = items(...FIRST, ...FIRST, ...FIRST, ...FIRST, ...FIRST, ...SECOND)
  const killed: Happening = { kind: 'killed', process: 'w2' }
  expect(broken({ ...again, happenings: [killed, ...again.happenings] })).toEqual([])
  const more = items(...FIRST, ...FIRST, ...FIRST, ...FIRST, ...FIRST, ...FIRST, ...SECOND)
  expect(broken({ ...more, happenings: [killed, ...more.happenings] })).toEqual(['bounded'])
})
