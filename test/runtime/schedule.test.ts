import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Group, Schedule, type Permit, type Scheduled } from '../../workers/runtime/schedule.ts'

class Item implements Scheduled {
  follower: Scheduled | undefined = undefined
  readonly chain: string | undefined
  readonly group: Group<Item>
  readonly number: number
  isHead = false
  alone = false
  constructor(group: Group<Item>, chain: string | undefined, number: number) {
    this.group = group
    this.chain = chain
    this.number = number
  }
}

function setup(limit: number, permit: () => Permit = () => 'any') {
  const group = new Group<Item>()
  const working = new Set<Item>()
  const started: Item[] = []
  let most = 0
  const schedule = new Schedule<Item>(limit, permit, (item) => {
    working.add(item)
    started.push(item)
    most = Math.max(most, working.size)
  })
  const leave = (item: Item) => working.delete(item)
  return { group, working, started, schedule, leave, most: () => most }
}

type Move = { kind: 'done' | 'wait' | 'again'; pick: number }
const moves = fc.array(
  fc.record({
    kind: fc.constantFrom('done' as const, 'done' as const, 'wait' as const, 'again' as const),
    pick: fc.nat(),
  }),
  { maxLength: 400 },
)
const chains = fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), {
  minLength: 1,
  maxLength: 120,
})

describe('the schedule', () => {
  test('keeps each chain in order through any sequence of ends, waits and returns, and never exceeds its limit', () => {
    fc.assert(
      fc.property(chains, fc.integer({ min: 1, max: 8 }), moves, (keys, limit, steps: Move[]) => {
        const { group, working, started, schedule, leave, most } = setup(limit)
        const ended: Item[] = []
        const waiting: Item[] = []
        keys.forEach((chain, number) => schedule.add(new Item(group, chain, number)))
        schedule.pump()
        const pick = (items: Item[], n: number) => items[n % items.length] as Item
        const move = ({ kind, pick: n }: Move) => {
          if (kind === 'again' && waiting.length > 0) {
            const item = pick(waiting, n)
            waiting.splice(waiting.indexOf(item), 1)
            schedule.again(item)
          } else if (kind !== 'again' && working.size > 0) {
            const item = pick([...working], n)
            leave(item)
            if (kind === 'wait') {
              waiting.push(item)
              schedule.wait(item)
            } else {
              ended.push(item)
              schedule.done(item)
            }
          }
        }
        for (const step of steps) move(step)
        while (waiting.length > 0 || working.size > 0)
          move({ kind: waiting.length > 0 ? 'again' : 'done', pick: 0 })
        expect(ended).toHaveLength(keys.length)
        expect(most()).toBeLessThanOrEqual(limit)
        for (const chain of ['a', 'b', 'c']) {
          const numbers = ended.filter((item) => item.chain === chain).map((item) => item.number)
          expect(numbers).toEqual(numbers.toSorted((x, y) => x - y))
        }
        expect(started.length).toBeGreaterThanOrEqual(keys.length)
        expect(group.chains.size).toBe(0)
        expect([group.queued, group.atWork, group.waiting]).toEqual([0, 0, 0])
      }),
    )
  })

  test('a chain that waits holds only its own messages', () => {
    const { group, working, schedule, leave } = setup(10)
    const items = ['slow', 'slow', 'quick', undefined].map((chain, n) => new Item(group, chain, n))
    for (const item of items) schedule.add(item)
    schedule.pump()
    const numbers = () => [...working].map((item) => item.number)
    expect(numbers()).toEqual([0, 2, 3])
    leave(items[0] as Item)
    schedule.wait(items[0] as Item)
    expect(numbers()).toEqual([2, 3])
    schedule.again(items[0] as Item)
    expect(numbers()).toEqual([2, 3, 0])
    leave(items[0] as Item)
    schedule.done(items[0] as Item)
    expect(numbers()).toEqual([2, 3, 1])
  })

  test('starts nothing of a closed group, and says how much it leaves behind', () => {
    const { group, started, schedule, leave } = setup(2)
    const items = ['a', 'a', 'b', 'c'].map((chain, n) => new Item(group, chain, n))
    for (const item of items) schedule.add(item)
    schedule.pump()
    const [first, , third] = items as [Item, Item, Item]
    leave(third)
    schedule.wait(third)
    expect(started.map(({ number }) => number)).toEqual([0, 2, 3])
    expect(schedule.close(group)).toBe(2)
    expect(schedule.close(group)).toBe(0)
    leave(first)
    schedule.done(first)
    expect(started).toHaveLength(3)
    expect(group.atWork).toBe(1)
  })

  test('asks before each start', () => {
    let allowed = 1
    const { group, started, schedule } = setup(10, () => (allowed-- > 0 ? 'any' : 'none'))
    for (const n of [0, 1, 2]) schedule.add(new Item(group, undefined, n))
    schedule.pump()
    expect(started).toHaveLength(1)
    allowed = 5
    schedule.pump()
    expect(started).toHaveLength(3)
  })

  test('starts heads alone where nothing else may start, wherever they stand in line', () => {
    const { group, started, schedule, leave } = setup(10, () => 'head')
    const items = [undefined, 'a', 'a', undefined].map((chain, n) => new Item(group, chain, n))
    for (const item of items) schedule.add(item)
    const [first, second, third, last] = items as [Item, Item, Item, Item]
    schedule.pump()
    expect(started).toEqual([])
    last.isHead = true
    second.isHead = true
    schedule.pump()
    expect(started).toEqual([second, last])
    leave(second)
    third.isHead = true
    schedule.done(second)
    expect(started).toEqual([second, last, third])
    first.isHead = true
    schedule.pump()
    expect(started.at(-1)).toBe(first)
    expect(group.queued).toBe(0)
  })

  test('keeps nothing of a closed group while nothing may start', () => {
    let permit: Permit = 'none'
    const { group, schedule } = setup(10, () => permit)
    for (let n = 0; n < 100; n++) schedule.add(new Item(group, n % 2 === 0 ? 'a' : undefined, n))
    expect(schedule.queued).toBe(51)
    expect(schedule.close(group)).toBe(100)
    expect(schedule.queued).toBe(0)
    const next = new Group<Item>()
    const item = new Item(next, undefined, 0)
    schedule.add(item)
    permit = 'any'
    schedule.pump()
    expect(next.atWork).toBe(1)
  })
})
