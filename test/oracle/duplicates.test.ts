// What the oracle says of duplicates: of messages that are one, of what is marked as done, of guarded effects, of keys behind a dedupe step.
import { describe, expect, test } from 'vitest'
import type { Happening, History, Promised } from '../../workers/oracle/history.ts'
import {
  arrival,
  began,
  committed,
  does,
  doubted,
  effect,
  fails,
  gone,
  granted,
  killed,
  letter,
  marked,
  small,
  verdictOf,
} from './small-history.ts'

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
const name = (message: number, key = 'a') =>
  `message ${message} (partition 0, offset ${message}, key "${key}")`

describe('with once', () => {
  /** 1 and 2 are 0 once more. */
  const same: Partial<History> = {
    repeats: new Map([
      [1, 0],
      [2, 0],
    ]),
  }
  const once = (happenings: readonly Happening[], more: Partial<History> = same) =>
    verdictOf('duplicates', small(happenings, more), { once: true })

  test('it is done, marked and settled, and its repeats are settled alone', () => {
    expect(once([began(0), effect(0), marked(0), committed(3)])).toEqual({ checked: 5, said: [] })
    expect(
      once([began(undefined), effect(undefined), marked(undefined), letter(undefined)]),
    ).toEqual({ checked: 0, said: [] })
  })

  test('nothing is settled before it is marked; what becomes a dead letter, or has no effect, is never marked', () => {
    expect(once([effect(0), committed(1), marked(0), committed(3)]).said).toEqual([
      `1: ${name(0)} was settled before it was marked as done`,
    ])
    const others = { outcomes: [fails('SLU5101'), does(), does('alert')] }
    expect(once([letter(0), committed(2)], others)).toEqual({ checked: 0, said: [] })
    expect(once([committed(1)], { outcomes: [{ ...does('a'), letter: 'SLU5101' }] }).checked).toBe(
      0,
    )
    expect(once([committed(3)], others).said).toEqual([
      `0: ${name(2, 'b')} was settled before it was marked as done`,
    ])
    // Of a message that nobody knows nothing is done.
    expect(once([committed(1)], { outcomes: [] }).checked).toBe(0)
  })

  test('nothing begins after it is marked, of itself or of one that is the same', () => {
    expect(once([began(0), marked(0), began(1, 'tell')]).said).toEqual([
      `2: ${name(1)} began step tell after it was marked as done`,
    ])
    expect(once([began(0), marked(1), began(0)]).said).toHaveLength(1)
    expect(once([marked(0), began(1)], { repeats: new Map() }).said).toEqual([])
  })

  test('a guarded effect happens once for all that are the same, whatever failed', () => {
    const [first, again] = [effect(0, { guarded: true }), effect(1, { guarded: true })]
    expect(once([killed(), first, effect(0, { step: 'b', guarded: true })]).said).toEqual([])
    expect(once([killed(), first, again]).said).toEqual([
      `2: step alert: ${name(1)} has a guarded effect again`,
    ])
    expect(once([killed(), first, first, first]).said).toHaveLength(2)
    expect(once([killed(), first, again], { repeats: new Map() }).said).toEqual([])
  })

  test.each([
    ['a kill', killed(), 4],
    ['a partition that was taken away', gone(false), 4],
    ['a partition that was drained', gone(true), 2],
    ['a confirm that was lost', doubted, 1],
    ['nothing', granted([0]), 0],
  ])('%s explains effects of repeats up to its share', (_what, fault, share) => {
    const turns = (count: number) =>
      Array.from({ length: count }, (_, n) => effect(n % 2 === 0 ? 1 : 0))
    expect(once([fault, effect(0), ...turns(share)]).said).toEqual([])
    expect(once([fault, effect(0), ...turns(share + 1)]).said).toEqual([
      `${share + 2}: step alert: ${name(share % 2 === 0 ? 1 : 0)} has the effect that ${name(
        share % 2 === 0 ? 0 : 1,
      )} had, and no fault explains it`,
    ])
  })

  test('a message that does its own effect again is no repeat', () => {
    expect(once([effect(0), effect(0), effect(0)]).said).toEqual([])
    expect(once([doubted, effect(0), effect(1), effect(1)]).said).toEqual([])
    expect(once([doubted, effect(0), effect(1), effect(0)]).said).toHaveLength(1)
  })

  test('a message counts as often as the effect of it that was repeated most', () => {
    const steps = ['a', 'b'].map((step) => ({ step }))
    const outcomes = times(3, does('a', 'b'))
    const all = [0, 1].flatMap((message) => steps.map((step) => effect(message, step)))
    expect(once([doubted, ...all], { ...same, outcomes }).said).toEqual([])
    const two = [effect(0, steps[0]), effect(1, steps[0]), effect(2, steps[0])]
    expect(once([doubted, ...two], { ...same, outcomes }).said).toHaveLength(1)
  })

  test('a repeat of what became a dead letter is another try', () => {
    const outcomes = [{ ...does('alert'), letter: 'SLU5101' }, does('alert'), does('alert')]
    const tried = [effect(0), letter(0), effect(0), effect(1), marked(1)]
    expect(once(tried, { ...same, outcomes }).said).toEqual([])
  })
})

describe('behind a dedupe step', () => {
  const KEY = 'fresh:k'
  const promised: Partial<Promised> = { behind: new Map([['fresh', new Set(['alert', 'tell'])]]) }
  const more: Partial<History> = {
    arrivals: [arrival(0), arrival(1), arrival(2)],
    claims: new Map([['fresh:k', new Set([0, 1])]]),
  }
  const behind = (happenings: readonly Happening[], claims?: History['claims']) =>
    verdictOf('duplicates', small(happenings, { ...more, ...(claims && { claims }) }), promised)

  test('nothing begins for a key of which another message is done', () => {
    const course = [began(0), began(1), marked(0, KEY), began(0), began(1, 'tell')]
    expect(behind(course)).toEqual({
      checked: 8,
      said: [`4: ${name(1)} began step tell, and ${name(0)} with its key was done`],
    })
  })

  test('the first that is done stays the one, whatever is marked later', () => {
    expect(behind([marked(0, KEY), marked(1, KEY), began(0)]).said).toEqual([])
    expect(behind([marked(0, KEY), marked(1, KEY), began(1)]).said).toHaveLength(1)
  })

  test('steps before it, other keys and other steps are not looked at', () => {
    const course = [
      marked(0, KEY),
      began(1, 'look'),
      began(2),
      marked(2, KEY),
      began(undefined),
      effect(1),
    ]
    expect(behind(course)).toEqual({ checked: 2, said: [] })
    const elsewhere = new Map([['seen:k', new Set([0, 1])]])
    expect(behind([marked(0, 'seen:k'), began(1)], elsewhere).said).toEqual([])
    expect(behind([marked(2, KEY), began(0)]).said).toEqual([])
    // That its identity is marked says nothing of its key.
    expect(behind([marked(0), began(1)]).said).toEqual([])
  })

  test('each key for itself', () => {
    const claims = new Map([
      ['fresh:k', new Set([0])],
      ['fresh:a:b', new Set([1, 2])],
    ])
    expect(behind([marked(0, KEY), began(1), began(2)], claims)).toEqual({ checked: 4, said: [] })
    expect(behind([marked(1, 'fresh:a:b'), began(0), began(2)], claims).said).toEqual([
      `2: ${name(2)} began step alert, and ${name(1)} with its key was done`,
    ])
  })
})
