// The offset tracker beside a model of a partition and its group: whatever is taken, finished, committed, lost and taken up again,
// no commit passes what is unfinished, and nothing that somebody wrote down as finished is done again.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeNote } from '../../workers/runtime/offset-note.ts'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'
import { runs } from '../support/fuzz.ts'

/** Numbers of messages, in the order of the partition: 0 is the first one. */
interface Model {
  /** Offsets of the messages that the partition holds, ascending, with holes. */
  readonly offsets: readonly number[]
  /** Numbers of what is done, ever. */
  readonly done: Set<number>
  /** Of those, what a commit says, and what this tenure knows. */
  readonly written: Set<number>
  readonly known: Set<number>
  /** Numbers of what is taken and open in this tenure, ascending. */
  open: number[]
  position: number
}

interface Real {
  tracker: OffsetTracker
  slots: Map<number, number>
  group: { committed: number | null; note: string }
}

type Step = fc.Command<Model, Real>

const offsetOf = ({ offsets }: Model, number: number) => offsets[number] as number
/** Where a commit may go: the lowest open message, else behind the last one taken. */
function lowest(model: Model): number | undefined {
  const [first] = model.open
  if (first !== undefined) return offsetOf(model, first)
  return model.position === 0 ? undefined : offsetOf(model, model.position - 1) + 1
}

function agree(model: Model, { tracker, slots }: Real): void {
  expect(tracker.open).toBe(model.open.length)
  const [first] = model.open
  for (const number of model.open)
    expect(tracker.isHead(slots.get(number) as number)).toBe(number === first)
}

class Take implements Step {
  readonly count: number
  constructor(count: number) {
    this.count = count
  }
  check = ({ position, offsets }: Readonly<Model>) => position < offsets.length
  run(model: Model, real: Real): void {
    const { tracker } = real
    for (let n = 0; n < this.count && model.position < model.offsets.length; n++) {
      const number = model.position++
      const offset = offsetOf(model, number)
      const known = tracker.wasFinished(offset)
      if (known) expect(model.done).toContain(number)
      if (model.known.has(number)) expect(known).toBe(true)
      const slot = tracker.take(offset)
      real.slots.set(number, slot)
      if (known) tracker.finish(slot)
      else model.open.push(number)
    }
    agree(model, real)
  }
  toString = () => `take ${this.count}`
}

class Finish implements Step {
  readonly pick: number
  readonly count: number
  constructor(pick: number, count: number) {
    this.pick = pick
    this.count = count
  }
  check = ({ open }: Readonly<Model>) => open.length > 0
  run(model: Model, real: Real): void {
    for (let n = 0; n < this.count && model.open.length > 0; n++) {
      const at = (this.pick + n) % model.open.length
      const number = model.open[at] as number
      const moved = real.tracker.finish(real.slots.get(number) as number)
      expect(moved).toBe(at === 0)
      model.open.splice(at, 1)
      model.done.add(number)
      expect(real.tracker.finish(real.slots.get(number) as number)).toBe(false)
    }
    agree(model, real)
  }
  toString = () => `finish ${this.count} from ${this.pick}`
}

class Commit implements Step {
  check = () => true
  run(model: Model, real: Real): void {
    const snapshot = real.tracker.snapshot()
    const least = lowest(model)
    if (snapshot === undefined) {
      expect(least).toBeUndefined()
      expect(real.group.committed).toBeNull()
      return
    }
    const { next, note, uncovered } = snapshot
    expect(real.tracker.lowestOpen()).toBe(next)
    const isBelow = (number: number) => offsetOf(model, number) < next
    const passed = [...model.offsets.keys()].filter(isBelow)
    expect(passed.filter((number) => !model.done.has(number))).toEqual([])
    // Everything open is at or above it, and it is as far as it may be.
    if (model.open.length > 0) expect(next).toBe(least)
    else if (least !== undefined) expect(next).toBeGreaterThanOrEqual(least)
    const ranges = decodeNote(next, note)
    const noted = [...model.offsets.keys()].filter((number) =>
      ranges.some(([from, to]) => from <= offsetOf(model, number) && offsetOf(model, number) < to),
    )
    expect(noted.filter((number) => !model.done.has(number))).toEqual([])
    expect(uncovered).toBeGreaterThanOrEqual(0)
    model.written.clear()
    for (const number of [...passed, ...noted]) model.written.add(number)
    const here = [...model.done].filter((number) => number < model.position)
    if (uncovered === 0) expect(here.filter((number) => !model.written.has(number))).toEqual([])
    real.group = { committed: next, note }
  }
  toString = () => 'commit'
}

/** Another process takes the partition up where the group left it; or the same one does, and recalls what it finished. */
class Restart implements Step {
  readonly recalls: boolean
  constructor(recalls: boolean) {
    this.recalls = recalls
  }
  check = () => true
  run(model: Model, real: Real): void {
    const { committed, note } = real.group
    const before = real.tracker
    real.tracker = new OffsetTracker(committed, note)
    const next = before.lowestOpen()
    if (this.recalls && committed !== null) {
      if (next !== undefined && next > committed) real.tracker.remember([[committed, next]])
      real.tracker.remember(before.finishedAbove())
      for (const number of model.done) if (number < model.position) model.known.add(number)
    } else {
      // What only the process knew is done again.
      for (const number of model.done) if (!model.written.has(number)) model.done.delete(number)
      model.known.clear()
      for (const number of model.written) model.known.add(number)
    }
    real.slots = new Map()
    model.open = []
    const first = model.offsets.findIndex((offset) => offset >= (committed ?? 0))
    model.position = first === -1 ? model.offsets.length : first
    agree(model, real)
  }
  toString = () => (this.recalls ? 'take up again' : 'restart')
}

const steps = (most: number) =>
  fc.commands(
    [
      fc.integer({ min: 1, max: most }).map((count) => new Take(count)),
      fc.tuple(fc.nat(most), fc.integer({ min: 1, max: most })).map((one) => new Finish(...one)),
      fc.nat(most).map((pick) => new Finish(pick, 1)),
      fc.constant(new Commit()),
      fc.boolean().map((recalls) => new Restart(recalls)),
    ],
    { maxCommands: 40 },
  )

const gaps = (length: number) =>
  fc.array(fc.constantFrom(1, 1, 1, 2, 5), { minLength: 1, maxLength: length })

const play = (gapsBefore: readonly number[], commands: Iterable<Step>) => {
  let at = 99
  const model: Model = {
    offsets: gapsBefore.map((gap) => (at += gap)),
    done: new Set(),
    written: new Set(),
    known: new Set(),
    open: [],
    position: 0,
  }
  const real: Real = {
    tracker: new OffsetTracker(null, ''),
    slots: new Map(),
    group: { committed: null, note: '' },
  }
  fc.modelRun(() => ({ model, real }), commands)
}

test('agrees with a model of a partition, whatever happens to it', () => {
  fc.assert(fc.property(gaps(60), steps(6), play), { numRuns: runs(500) })
})

test('and so it does with more at once than it has room for at first', () => {
  const long = fc.constant(Array.from({ length: 4_000 }, (_, n) => (n % 7 === 0 ? 3 : 1)))
  fc.assert(fc.property(long, steps(900), play), { numRuns: runs(30) })
})

test('an offset below the last one is refused while something is open, and is another log when nothing is', () => {
  const tracker = new OffsetTracker(null, '')
  const slot = tracker.take(10)
  expect(() => tracker.take(10)).toThrow(new RangeError('offset 10 was taken after 10'))
  expect(() => tracker.take(3)).toThrow('offset 3 was taken after 10')
  tracker.finish(slot)
  tracker.finish(tracker.take(3))
  expect(tracker.snapshot()?.next).toBe(4)
})

test('what does not follow a committed offset is no reason to refuse the first message', () => {
  const tracker = new OffsetTracker(100, '')
  tracker.take(5)
  expect(tracker.snapshot()?.next).toBe(5)
})

test('a slot that was never taken finishes nothing', () => {
  const tracker = new OffsetTracker(0, '')
  tracker.take(0)
  expect([tracker.finish(1), tracker.finish(7), tracker.finish(-1)]).toEqual([false, false, false])
  expect(tracker.open).toBe(1)
})

test('what it is told from elsewhere is merged with what it knows, in whatever order it comes', () => {
  const ranges = fc.array(
    fc
      .tuple(fc.nat(60), fc.integer({ min: 1, max: 9 }))
      .map(([from, n]) => [from, from + n] as const),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(ranges, ranges, (first, second) => {
      const tracker = new OffsetTracker(0, '')
      tracker.remember(first)
      tracker.remember(second)
      const told = (offset: number) =>
        [...first, ...second].some(([from, to]) => from <= offset && offset < to)
      for (let offset = 0; offset < 75; offset++)
        expect(tracker.wasFinished(offset), String(offset)).toBe(told(offset))
      let next = 0
      while (told(next)) next++
      expect(tracker.lowestOpen()).toBe(next)
      const above = Array.from({ length: 75 }, (_, offset) => offset).filter(
        (offset) => offset >= next && told(offset),
      )
      const said = tracker
        .finishedAbove()
        .flatMap(([from, to]) => Array.from({ length: to - from }, (_, n) => from + n))
      expect(said.filter((offset) => offset >= next)).toEqual(above)
    }),
  )
})

test('finished offsets are one range over holes that no consumer ever sees', () => {
  const tracker = new OffsetTracker(0, '')
  const slots = [0, 1, 4, 9, 10, 11].map((offset) => tracker.take(offset))
  for (const nth of [1, 2, 3, 5]) tracker.finish(slots[nth] as number)
  expect(tracker.finishedAbove()).toEqual([
    [1, 10],
    [11, 12],
  ])
})

test('what was finished before and what follows it now are one range, so that a note can say it', () => {
  const before = new OffsetTracker(0, '')
  const slots = [0, 1, 2, 3].map((offset) => before.take(offset))
  before.finish(slots[2] as number)
  const tracker = new OffsetTracker(0, before.snapshot()?.note ?? '')
  tracker.take(0)
  tracker.finish(tracker.take(1))
  expect(tracker.finishedAbove()).toEqual([[1, 3]])
  const { note = '' } = tracker.snapshot() ?? {}
  expect(decodeNote(0, note)).toEqual([[1, 3]])
})

test('a partition of which nothing is known begins with nothing finished', () => {
  const tracker = new OffsetTracker(null, 'f1:AQE')
  expect([tracker.lowestOpen(), tracker.finishedAbove()]).toEqual([undefined, []])
  expect([0, 1, 2].map((offset) => tracker.wasFinished(offset))).toEqual([false, false, false])
})
