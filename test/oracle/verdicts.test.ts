// What the oracle says about each invariant, word by word, up to the very edge of what is allowed.
import { describe, expect, test } from 'vitest'
import {
  arrival,
  began,
  committed,
  counted,
  does,
  doubted,
  effect,
  fails,
  gone,
  granted,
  killed,
  letter,
  marked,
  parked,
  returned,
  said,
  small,
  stopped,
  stopping,
  verdictOf,
} from './small-history.ts'

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)

describe('bounded', () => {
  test('a window may be full, and no more', () => {
    const full = counted({ inFlight: 4 })
    expect(verdictOf('bounded', small([full, full]))).toEqual({ checked: 2, said: [] })
    expect(said('bounded', small([full, counted({ inFlight: 5 })]))).toEqual([
      '1: w1 holds 5 messages, and its window is 4',
    ])
  })

  test.each([
    ['a kill', killed(), 4],
    ['a partition that was taken away', gone(false), 4],
    ['a partition that was drained', gone(true), 2],
    ['a confirm that was lost', doubted, 1],
    ['nothing', granted([0]), 0],
  ])('%s explains repeats up to its share', (_what, fault, share) => {
    const repeated = (count: number) => small([fault, effect(0), ...times(count, effect(0))])
    expect(said('bounded', repeated(share))).toEqual([])
    expect(said('bounded', repeated(share + 1))).toEqual([
      `${share + 2}: ${share + 1} messages were done again, and the faults so far explain ${share}`,
    ])
  })

  test('only faults that were before explain a repeat', () => {
    expect(said('bounded', small([effect(0), effect(0), killed()]))).toHaveLength(1)
    expect(said('bounded', small([killed(), killed(), ...times(9, effect(0))]))).toEqual([])
    expect(said('bounded', small([killed(), killed(), ...times(10, effect(0))]))).toHaveLength(1)
  })

  test('a message counts as often as the effect of it that was repeated most', () => {
    const [a, b] = [effect(0, { step: 'a' }), effect(0, { step: 'b' })]
    expect(said('bounded', small([doubted, a, b, a, b]))).toEqual([])
    expect(said('bounded', small([doubted, a, b, a, b, b]))).toHaveLength(1)
    expect(said('bounded', small([doubted, a, a, effect(1), effect(1)]))).toHaveLength(1)
  })
})

describe('conservation', () => {
  const all = { acked: 1, filtered: 2, deadLettered: 4, duplicates: 8, parked: 16, released: 32 }

  test('everything accepted is somewhere', () => {
    const right = [counted({ ...all, inFlight: 64, accepted: 127 }), counted({})]
    expect(verdictOf('conservation', small([stopping, ...right]))).toEqual({ checked: 2, said: [] })
    expect(said('conservation', small([counted({ ...all, inFlight: 64, accepted: 128 })]))).toEqual(
      ['0: w1 accepted 128 messages and knows of 127'],
    )
  })

  test('less than nothing is not in flight', () => {
    expect(said('conservation', small([counted({ acked: 1, inFlight: -1 })]))).toEqual([
      '0: w1 accepted 0 messages and knows of 0',
    ])
  })
})

describe('failure', () => {
  test('each message becomes what its failure says, and a good one no dead letter', () => {
    const outcomes = [fails('SLU5001'), does('alert'), fails('SLU5102')]
    const happenings = [letter(0), letter(undefined), letter(1, 'SLU5101'), letter(2), effect(1)]
    expect(verdictOf('failure', small(happenings, { outcomes }))).toEqual({
      checked: 3,
      said: [
        '2: message 1 (partition 0, offset 1, key "a") is good and became a dead letter SLU5101',
        '3: message 2 (partition 0, offset 2, key "b") became a dead letter SLU5001, and must become one with SLU5102',
      ],
    })
  })

  test('a message of which nobody knows is none that may fail', () => {
    expect(said('failure', small([letter(7)]))).toEqual([
      '0: message 7 (partition -1, offset -1, key null) is good and became a dead letter SLU5001',
    ])
  })
})

describe('fenced', () => {
  const outside = (at: number, step = 'alert', process = 'w1') =>
    `${at}: ${process} began step ${step} of message 0 (partition 0, offset 0, key "a"), and does not hold its partition`

  test.each([
    ['was never granted', [granted([1])]],
    ['was taken away', [granted([0, 1]), gone(false)]],
    ['was drained', [granted([0, 1]), gone(true)]],
    ['was of a process that was killed', [granted([0, 1]), killed()]],
    ['is of another process', [granted([0], 'w2')]],
  ])('nothing begins for a partition that %s', (_what, course) => {
    expect(verdictOf('fenced', small([...course, began(0)]))).toEqual({
      checked: 1,
      said: [outside(course.length)],
    })
  })

  test('what is held may begin, again after it came back', () => {
    const course = [granted([0]), began(0), gone(true), granted([0]), began(0), began(undefined)]
    expect(verdictOf('fenced', small(course))).toEqual({ checked: 2, said: [] })
    expect(said('fenced', small([granted([0]), killed('w2'), began(0)]))).toEqual([])
  })

  test('a copy is of whoever holds the tier in which it waited, the message of no other', () => {
    const course = [granted([9]), returned(0, 9), began(0, 'tell')]
    expect(said('fenced', small(course))).toEqual([])
    expect(said('fenced', small([granted([9]), returned(0, 8), began(0, 'tell')]))).toEqual([
      outside(2, 'tell'),
    ])
    expect(said('fenced', small([granted([9]), returned(1, 9), began(0)]))).toEqual([outside(2)])
    expect(said('fenced', small([granted([9]), returned(undefined, 9), began(0)]))).toEqual([
      outside(2),
    ])
    expect(said('fenced', small([granted([9]), parked(0), began(0)]))).toEqual([outside(2)])
    const twice = [granted([9]), returned(0, 9), returned(0, 8), began(0)]
    expect(said('fenced', small(twice))).toEqual([])
  })

  test('a message of which nobody knows has no partition', () => {
    expect(said('fenced', small([granted([1, -1]), began(7)]))).toEqual([])
    expect(said('fenced', small([granted([0, 1]), began(7)]))).toEqual([
      '1: w1 began step alert of message 7 (partition -1, offset -1, key null), and does not hold its partition',
    ])
  })
})

describe('hostile', () => {
  const more = { hostile: [0], outcomes: [fails('SLU5001'), does('alert'), does('alert')] }

  test('what is no good becomes a dead letter, and that is all', () => {
    const course = [letter(0), effect(1), effect(undefined), began(0)]
    expect(verdictOf('hostile', small(course, more))).toEqual({ checked: 2, said: [] })
    const name = 'message 0 (partition 0, offset 0, key "a")'
    expect(said('hostile', small([letter(1)], more))).toEqual([
      `end: ${name} is no good and vanished`,
    ])
    expect(said('hostile', small([letter(0), effect(0)], more))).toEqual([
      `end: ${name} is no good and had an effect`,
    ])
  })
})

describe('order', () => {
  test('one key in the order of its partition, and each step for itself', () => {
    const [a, b] = [{ step: 'a' }, { step: 'b' }]
    const outcomes = [does('a', 'b'), does('a', 'b'), does('a', 'b')]
    const right = [effect(0, a), effect(1, a), effect(2, a), effect(0, b), effect(1, b)]
    expect(verdictOf('order', small(right, { outcomes }))).toEqual({ checked: 5, said: [] })
    const wrong = [effect(1, a), effect(2, a), effect(0, a), effect(0, b), effect(1, b)]
    expect(said('order', small(wrong, { outcomes }))).toEqual([
      '2: step a: message 0 (partition 0, offset 0, key "a") came after message 1 (partition 0, offset 1, key "a")',
    ])
  })

  test("only the first time counts, and what is nobody's counts never", () => {
    const course = [effect(0), effect(1), effect(0), effect(undefined), effect(9), letter(0)]
    expect(verdictOf('order', small(course))).toEqual({ checked: 2, said: [] })
  })

  test('each message is compared with the one before it', () => {
    const arrivals = [arrival(0), arrival(1), arrival(2)]
    expect(said('order', small([effect(2), effect(0), effect(1)], { arrivals }))).toHaveLength(1)
    expect(said('order', small([effect(2), effect(1), effect(0)], { arrivals }))).toHaveLength(2)
  })

  const mixed = [
    arrival(0),
    arrival(1, 'b'),
    arrival(0, 'a', 1),
    arrival(1, null),
    arrival(2, null),
  ]
  const more = { arrivals: mixed, outcomes: times(5, does('alert')) }
  const backwards = small(
    [4, 3, 2, 1, 0].map((message) => effect(message)),
    more,
  )

  test.each([
    ['none', 0, 0],
    ['key', 3, 0],
    ['partition', 5, 3],
  ] as const)('order: %s', (order, checked, wrong) => {
    const verdict = verdictOf('order', backwards, { order })
    expect([verdict.checked, verdict.said.length]).toEqual([checked, wrong])
  })

  test('each partition has an order of its own', () => {
    const arrivals = [arrival(1), arrival(0, 'a', 1), arrival(2)]
    const course = [effect(0), effect(1), effect(2)]
    for (const order of ['key', 'partition'] as const)
      expect(said('order', small(course, { arrivals }), { order })).toEqual([])
  })

  test('items of a message come as they stand, and each is one of its own', () => {
    const effects = ['0', '1'].map((item) => ({ step: 'alert', item, body: 'of alert' }))
    const outcomes = [{ effects, letter: undefined }, does('alert'), does('alert')]
    const [first, second] = [effect(0, { item: '0' }), effect(0, { item: '1' })]
    expect(verdictOf('order', small([first, second], { outcomes }))).toEqual({
      checked: 2,
      said: [],
    })
    expect(said('order', small([second, first], { outcomes }))).toEqual([
      '1: step alert: message 0 (partition 0, offset 0, key "a") did its items in another order, alert[0] after a later one',
    ])
    expect(said('order', small([second, first, second, first], { outcomes }))).toHaveLength(1)
    // Two that nobody foresaw stand in no order that could be kept.
    const strange = ['8', '9'].map((item) => effect(0, { item }))
    expect(said('order', small(strange, { outcomes }))).toHaveLength(1)
  })
})

describe('shutdown', () => {
  test('a drain may take its time and thirty seconds, and no more', () => {
    expect(verdictOf('shutdown', small([stopping, stopped(31_000)]))).toEqual({
      checked: 1,
      said: [],
    })
    expect(said('shutdown', small([stopping, stopped(31_001)]))).toEqual([
      '1: w1 took 31001 ms to stop, and may drain for 1000 ms',
    ])
  })

  test('nothing good is dead-lettered by it', () => {
    const outcomes = [fails('SLU5001'), does('alert'), does('alert')]
    const others = [{ ...stopping, process: 'w2' }, letter(1), stopping]
    const course = [...others, letter(0), letter(1), letter(undefined), effect(1), letter(9)]
    expect(verdictOf('shutdown', small(course, { outcomes }))).toEqual({
      checked: 3,
      said: [
        '4: message 1 (partition 0, offset 1, key "a") became a dead letter while w1 was stopping',
        '7: message 9 (partition -1, offset -1, key null) became a dead letter while w1 was stopping',
      ],
    })
  })
})

describe('trace', () => {
  test('whatever leaves carries the trace of a message', () => {
    const course = [effect(0), letter(1), began(undefined), marked(undefined)]
    expect(verdictOf('trace', small(course))).toEqual({ checked: 2, said: [] })
    const lost = [effect(undefined, { step: 'tell' }), letter(undefined), effect(3), letter(-1)]
    expect(said('trace', small(lost))).toEqual([
      '0: an effect of step tell of w1 carries the trace of no message',
      '1: a dead letter of w1 carries the trace of no message',
      '2: an effect of step alert of w1 carries the trace of no message',
      '3: a dead letter of w1 carries the trace of no message',
    ])
  })
})

describe('progress', () => {
  test('it rests, what is fresh gets through, and everything is committed', () => {
    const ends = new Map([
      [0, 3],
      [1, 0],
      [2, 5],
    ])
    const course = [effect(0), committed(1), committed(3), committed(5, [], 2)]
    expect(verdictOf('progress', small(course, { ends, fresh: [0] }))).toEqual({
      checked: 5,
      said: [],
    })
    const wrong = [committed(3), committed(2), effect(1)]
    expect(said('progress', small(wrong, { ends, fresh: [0], rested: false }))).toEqual([
      'end: after the faults the pipeline did not come to rest',
      'end: message 0 (partition 0, offset 0, key "a") came after all faults and did not get through',
      'end: partition 0 ends at 3 and is committed up to 2',
      'end: partition 2 ends at 5 and is committed up to 0',
    ])
  })
})

describe('settled', () => {
  const two = { arrivals: [arrival(0), arrival(1)], outcomes: [does('a', 'b'), does()] }
  const [a, b] = [effect(0, { step: 'a' }), effect(0, { step: 'b' })]
  const name = 'message 0 (partition 0, offset 0, key "a")'

  test('an offset is passed once everything of its message is there', () => {
    // Two commits that pass something, two messages that must not be lost, two effects that must be somebody's.
    expect(verdictOf('settled', small([a, b, committed(1), committed(2)], two))).toEqual({
      checked: 6,
      said: [],
    })
    expect(said('settled', small([a, committed(1), b, committed(2)], two))).toEqual([
      `1: ${name} was settled without the effect of step b`,
    ])
    expect(said('settled', small([committed(2), a], two))).toEqual([
      `0: ${name} was settled without the effect of step a, the effect of step b`,
      `end: ${name} is lost: it never got the effect of step b`,
    ])
  })

  test('a dead letter settles what must become one, and nothing else', () => {
    const more = { ...two, outcomes: [fails('SLU5101'), does('a')] }
    expect(
      said('settled', small([letter(0), effect(1, { step: 'a' }), committed(2)], more)),
    ).toEqual([])
    expect(said('settled', small([letter(1), committed(2)], more))).toEqual([
      `1: ${name} was settled without a dead letter SLU5101`,
      '1: message 1 (partition 0, offset 1, key "a") was settled without the effect of step a',
      `end: ${name} is lost: it never got a dead letter SLU5101`,
      'end: message 1 (partition 0, offset 1, key "a") is lost: it never got the effect of step a',
    ])
  })

  test('nothing but a dead letter is a dead letter', () => {
    const more = { arrivals: [arrival(0)], outcomes: [fails('SLU5101')] }
    for (const other of [began(0), marked(0), parked(0), effect(0)])
      expect(said('settled', small([other], more))).toContain(
        `end: ${name} is lost: it never got a dead letter SLU5101`,
      )
  })

  test('what a note says is passed as well, once; going back settles nothing', () => {
    const course = [committed(0, [[1, 2]]), a, b, committed(1), committed(0), committed(2)]
    expect(verdictOf('settled', small(course, two))).toEqual({ checked: 6, said: [] })
    const early = [committed(0, [[0, 1]]), a, b, committed(2)]
    expect(said('settled', small(early, two))).toEqual([
      `0: ${name} was settled without the effect of step a, the effect of step b`,
    ])
  })

  test('another partition settles nothing of this one, and offsets that nobody knows are nothing', () => {
    const course = [committed(2, [], 1), a, b, committed(99)]
    expect(verdictOf('settled', small(course, two))).toEqual({ checked: 6, said: [] })
  })

  test('nothing is invented', () => {
    const course = [
      a,
      b,
      effect(0, { step: 'c' }),
      effect(0, { step: 'a', body: 'else' }),
      effect(7),
    ]
    const all = [...course, effect(0, { step: 'a', item: '0', body: 'of a' }), committed(2)]
    expect(said('settled', small(all, two))).toEqual([
      `2: ${name} has an effect of step c that is not its own`,
      `3: ${name} has an effect of step a that is not its own`,
      '4: message 7 (partition -1, offset -1, key null) has an effect of step alert that is not its own',
      `5: ${name} has an effect of step a[0] that is not its own`,
    ])
    expect(said('settled', small([a, b, effect(undefined), committed(2)], two))).toEqual([])
  })

  test('each copy that waits puts off what its message needs', () => {
    const course = [parked(0), committed(1), returned(0, 9), parked(0), committed(1, [], 9)]
    const back = [...course, returned(0, 9, 1), a, b, committed(2, [], 9), committed(2)]
    expect(said('settled', small(back, two))).toEqual([])
    const early = [...course, returned(0, 9, 1), committed(2, [], 9), a, b, committed(2)]
    expect(said('settled', small(early, two))).toEqual([
      `6: ${name} was settled without the effect of step a, the effect of step b`,
    ])
    // A copy of another message, or of nobody, is none of this one.
    for (const other of [parked(1), parked(undefined), returned(undefined, 9)])
      expect(said('settled', small([other, committed(1), a, b, committed(2)], two))).toEqual([
        `1: ${name} was settled without the effect of step a, the effect of step b`,
      ])
  })

  test('what one that is the same did counts, and so does what stands for the key', () => {
    const more = { arrivals: [arrival(0), arrival(1)], outcomes: [does('a'), does('a')] }
    const done = [effect(1, { step: 'a' }), committed(2)]
    expect(said('settled', small(done, { ...more, repeats: new Map([[1, 0]]) }))).toEqual([])
    const claims = new Map([['seen:k', new Set([0, 1])]])
    expect(said('settled', small(done, { ...more, claims }))).toEqual([])
    const others = new Map([
      ['seen:k', new Set([0])],
      ['seen:l', new Set([1])],
    ])
    expect(said('settled', small(done, { ...more, claims: others }))).toHaveLength(2)
    const lettered = { ...more, outcomes: [does('a'), fails('SLU5101')], claims }
    expect(said('settled', small([letter(1), committed(2)], lettered))).toHaveLength(2)
  })
})
