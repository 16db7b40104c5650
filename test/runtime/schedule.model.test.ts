// The schedule beside a naive one: whatever is added, ends, waits, comes back, is closed or forbidden, the same starts, in the same order.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Group, Schedule, type Permit, type Scheduled } from '../../workers/runtime/schedule.ts'
import { runs } from '../support/fuzz.ts'

class Item implements Scheduled {
  follower: Scheduled | undefined = undefined
  readonly name: string
  readonly chain: string | undefined
  readonly group: Lane
  readonly isHead: boolean
  readonly alone: boolean
  constructor(group: Lane, { number, chain, isHead, alone }: Added) {
    this.name = `${group.name}${number}`
    this.group = group
    this.chain = chain
    this.isHead = isHead
    this.alone = alone
  }
}

class Lane extends Group<Item> {
  readonly name: string
  constructor(name: string) {
    super()
    this.name = name
  }
}

interface Added {
  readonly number: number
  readonly chain: string | undefined
  readonly isHead: boolean
  readonly alone: boolean
}

/** As plain as it gets: everything is looked for from the beginning each time. */
class Naive {
  readonly limit: number
  permit: Permit = 'any'
  /** In line for a slot: those that come back or follow another one, before those that are new. */
  urgent: Item[] = []
  fresh: Item[] = []
  /** Behind another one of their chain. */
  behind: Item[] = []
  working: Item[] = []
  waiting: Item[] = []
  readonly closed = new Set<Lane>()
  readonly started: string[] = []

  constructor(limit: number) {
    this.limit = limit
  }

  private unfinished(): Item[] {
    return [...this.urgent, ...this.fresh, ...this.behind, ...this.working, ...this.waiting]
  }

  add(item: Item): void {
    const isBehind =
      item.chain !== undefined &&
      this.unfinished().some(({ group, chain }) => group === item.group && chain === item.chain)
    if (isBehind) this.behind.push(item)
    else this.fresh.push(item)
  }

  pump(): void {
    const may = ({ isHead, alone }: Item) =>
      this.permit === 'any' ||
      (this.permit === 'head' && isHead) ||
      (this.permit === 'alone' && alone)
    while (this.working.length < this.limit) {
      const next = [...this.urgent, ...this.fresh].find(may)
      if (next === undefined) return
      this.urgent = this.urgent.filter((item) => item !== next)
      this.fresh = this.fresh.filter((item) => item !== next)
      this.working.push(next)
      this.started.push(next.name)
    }
  }

  leave(item: Item): void {
    this.working = this.working.filter((one) => one !== item)
  }

  done(item: Item): void {
    this.leave(item)
    const next = this.behind.find(
      ({ group, chain }) => group === item.group && chain === item.chain,
    )
    if (next !== undefined) {
      this.behind = this.behind.filter((one) => one !== next)
      this.urgent.push(next)
    }
    this.pump()
  }

  /** How many of the lane are left behind. */
  close(lane: Lane): number {
    if (this.closed.has(lane)) return 0
    this.closed.add(lane)
    const others = ({ group }: Item) => group !== lane
    const before = this.unfinished().length - this.working.length
    this.urgent = this.urgent.filter(others)
    this.fresh = this.fresh.filter(others)
    this.behind = this.behind.filter(others)
    this.waiting = this.waiting.filter(others)
    return before - (this.unfinished().length - this.working.length)
  }
}

interface Real {
  readonly schedule: Schedule<Item>
  readonly lanes: Lane[]
  readonly started: string[]
}

type Step = fc.Command<Naive, Real>

function agree(naive: Naive, { schedule, started, lanes }: Real): void {
  expect(started).toEqual(naive.started)
  expect(schedule.atWork).toBe(naive.working.length)
  expect(schedule.queued).toBe(naive.urgent.length + naive.fresh.length)
  for (const lane of lanes) {
    const of = (items: readonly Item[]) => items.filter(({ group }) => group === lane).length
    expect(lane.atWork).toBe(of(naive.working))
    if (naive.closed.has(lane)) continue
    const { urgent, fresh, behind, waiting } = naive
    expect(lane.startable).toBe(of([...urgent, ...fresh]))
    expect(lane.queued).toBe(of([...urgent, ...fresh, ...behind]))
    expect(lane.waiting).toBe(of(waiting))
    const chains = [...urgent, ...fresh, ...behind, ...waiting, ...naive.working]
      .filter(({ group, chain }) => group === lane && chain !== undefined)
      .map(({ chain }) => chain)
    expect(new Set(lane.chains.keys())).toEqual(new Set(chains))
  }
}

const step = (
  name: string,
  check: (naive: Readonly<Naive>) => boolean,
  run: (naive: Naive, real: Real) => void,
): Step => ({
  check,
  run(naive, real) {
    run(naive, real)
    agree(naive, real)
  },
  toString: () => name,
})

const picked = (items: readonly Item[], pick: number) => items[pick % items.length] as Item
/** What the runtime does with a lane that is closed: nothing is added, and nothing comes back. */
const openLane = (real: Real, naive: Naive, pick: number): Lane => {
  const lane = real.lanes[pick % real.lanes.length] as Lane
  if (!naive.closed.has(lane)) return lane
  const next = new Lane(`${lane.name}'`)
  real.lanes[pick % real.lanes.length] = next
  return next
}

let count = 0
const add = fc
  .record({
    lane: fc.nat(2),
    chains: fc.array(fc.constantFrom(undefined, 'a', 'b'), { minLength: 1, maxLength: 4 }),
    isHead: fc.boolean(),
    alone: fc.boolean(),
  })
  .map(({ lane, chains, isHead, alone }) =>
    step(
      `add ${chains.map(String).join(' ')} to ${lane}`,
      () => true,
      (naive, real) => {
        const group = openLane(real, naive, lane)
        for (const chain of chains) {
          const item = new Item(group, { number: count++, chain, isHead, alone })
          naive.add(item)
          real.schedule.add(item)
        }
        naive.pump()
        real.schedule.pump()
      },
    ),
  )
const done = fc.nat().map((pick) =>
  step(
    `done ${pick}`,
    ({ working }) => working.length > 0,
    (naive, { schedule }) => {
      const item = picked(naive.working, pick)
      naive.done(item)
      schedule.done(item)
      expect(item.follower).toBeUndefined()
    },
  ),
)
const wait = fc.nat().map((pick) =>
  step(
    `wait ${pick}`,
    ({ working, closed }) => working.some(({ group }) => !closed.has(group)),
    (naive, { schedule }) => {
      const item = picked(
        naive.working.filter(({ group }) => !naive.closed.has(group)),
        pick,
      )
      naive.leave(item)
      naive.waiting.push(item)
      naive.pump()
      schedule.wait(item)
    },
  ),
)
const again = fc.nat().map((pick) =>
  step(
    `again ${pick}`,
    ({ waiting }) => waiting.length > 0,
    (naive, { schedule }) => {
      const item = picked(naive.waiting, pick)
      naive.waiting = naive.waiting.filter((one) => one !== item)
      naive.urgent.push(item)
      naive.pump()
      schedule.again(item)
    },
  ),
)
const permit = fc.constantFrom<Permit>('any', 'any', 'head', 'alone', 'none').map((value) =>
  step(
    `permit ${value}`,
    () => true,
    (naive, { schedule }) => {
      naive.permit = value
      naive.pump()
      schedule.pump()
    },
  ),
)
const close = fc.nat(2).map((pick) =>
  step(
    `close ${pick}`,
    () => true,
    (naive, { schedule, lanes }) => {
      const lane = lanes[pick] as Lane
      expect(schedule.close(lane)).toBe(naive.close(lane))
      expect([lane.closed, lane.chains.size]).toEqual([true, 0])
      naive.pump()
      schedule.pump()
    },
  ),
)

test('agrees with a naive one, whatever happens', () => {
  const steps = fc.commands([add, add, add, done, done, done, wait, again, permit, close], {
    maxCommands: 60,
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (limit, commands) => {
      count = 0
      const naive = new Naive(limit)
      const started: string[] = []
      const schedule: Schedule<Item> = new Schedule(
        limit,
        () => naive.permit,
        (item) => started.push(item.name),
      )
      const real: Real = { schedule, started, lanes: ['x', 'y', 'z'].map((name) => new Lane(name)) }
      fc.modelRun(() => ({ model: naive, real }), commands)
    }),
    { numRuns: runs(2_000) },
  )
})

const many = 20_000
const plain = (number: number, chain?: string): Added => ({
  number,
  chain,
  isHead: false,
  alone: false,
})

test('what ends as soon as it starts neither nests nor jumps its line, however many there are', () => {
  const lane = new Lane('x')
  const started: string[] = []
  let deep = 0
  let deepest = 0
  const schedule: Schedule<Item> = new Schedule(
    3,
    () => 'any',
    (item) => {
      deepest = Math.max(deepest, ++deep)
      started.push(item.name)
      schedule.done(item)
      deep--
    },
  )
  for (let n = 0; n < many; n++)
    schedule.add(new Item(lane, plain(n, n % 2 === 0 ? 'even' : undefined)))
  schedule.pump()
  expect(deepest).toBe(1)
  expect(new Set(started).size).toBe(many)
  const even = started.filter((name) => Number(name.slice(1)) % 2 === 0)
  expect(even).toEqual(even.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
  expect([schedule.queued, schedule.atWork, lane.queued, lane.startable]).toEqual([0, 0, 0, 0])
})

/** Places in whatever lists it holds. */
const keptBy = (schedule: Schedule<Item>): number =>
  Object.values(schedule).reduce<number>(
    (sum, one: unknown) => sum + (Array.isArray(one) ? one.length : 0),
    0,
  )

test.each(['new', 'coming back'])(
  'a long line of what is %s is worked off in its order, and little stays of what has left it',
  (what) => {
    const lane = new Lane('x')
    const started: Item[] = []
    let left = 0
    const schedule: Schedule<Item> = new Schedule(
      20_000,
      () => (left-- > 0 ? 'any' : 'none'),
      (item) => started.push(item),
    )
    const items = Array.from({ length: 10_000 }, (_, n) => new Item(lane, plain(n)))
    for (const item of items) schedule.add(item)
    if (what === 'coming back') {
      left = 10_000
      schedule.pump()
      left = 0
      for (const item of items) schedule.wait(item)
      for (const item of items) schedule.again(item)
      started.length = 0
    }
    for (let turn = 1; turn <= 100; turn++) {
      left = 100
      schedule.pump()
      const queued = 10_000 - turn * 100
      expect([started.length, schedule.queued]).toEqual([turn * 100, queued])
      expect(keptBy(schedule)).toBeLessThanOrEqual(2 * queued + 1_100)
    }
    expect(started).toEqual(items)
  },
)

test('a long line keeps its order while it is worked off and added to', () => {
  const lane = new Lane('x')
  const started: number[] = []
  const working: Item[] = []
  const schedule: Schedule<Item> = new Schedule(
    1,
    () => 'any',
    (item) => {
      started.push(Number(item.name.slice(1)))
      working.push(item)
    },
  )
  let number = 0
  const more = (times: number) => {
    for (let n = 0; n < times; n++) schedule.add(new Item(lane, plain(number++)))
    schedule.pump()
  }
  const work = (times: number) => {
    for (let n = 0; n < times; n++) schedule.done(working.shift() as Item)
  }
  more(3_000)
  for (let turn = 0; turn < 40; turn++) {
    work(120)
    expect(schedule.queued).toBe(number - started.length)
    more(60)
  }
  while (working.length > 0) work(1)
  expect(started).toEqual(Array.from({ length: number }, (_, n) => n))
})
