// The windows of one step in memory: counts an effect once and closes what is over, as the script on Redis does.
import type { Clock } from '../../core/clock.ts'
import {
  startOf,
  WINDOWS,
  type ClosedWindow,
  type Measured,
  type WindowAnswer,
  type WindowEntry,
} from '../../core/windows.ts'

interface Open {
  readonly end: number
  readonly window: ClosedWindow
}

interface Place {
  /** The highest time that came from there. */
  highest: number
  heardAt: number
  /** In windows that are not over here, by their ends. */
  readonly effects: Map<string, number>
}

const NOTHING: Measured = { count: 0, sum: 0, min: 0, max: 0 }

export class EmbeddedWindows {
  private readonly clock: Clock
  private readonly places = new Map<string, Place>()
  private readonly open = new Map<string, Open>()
  private readonly given = new Map<string, readonly ClosedWindow[]>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  add(entry: WindowEntry): WindowAnswer {
    const { id, at, reached = Number.NEGATIVE_INFINITY, everyMs, lateMs, limit } = entry
    const before = this.given.get(id)
    if (before !== undefined) return { kind: 'repeated', closed: before }
    const known = this.places.get(entry.place)
    if (known?.effects.has(id) === true) return nothing('repeated')
    const highest = known?.highest ?? Number.NEGATIVE_INFINITY
    const start = startOf(entry)
    const end = start + everyMs
    if (end + lateMs <= highest) return nothing('late')
    const now = this.clock.now()
    if (at > now + WINDOWS.aheadMs) return nothing('ahead')
    const mine = Math.max(highest, Math.min(reached, now))
    const isOver = this.overFor(entry, mine, now)
    const name = `${start}:${entry.group}`
    const window = this.open.get(name)?.window
    const over = [...this.open.values()].filter(isOver).length
    if (window === undefined && this.open.size - over >= limit) return nothing('full')
    this.open.set(name, { end, window: counted(entry, start, window) })
    const place = known ?? { highest, heardAt: now, effects: new Map<string, number>() }
    this.places.set(entry.place, place)
    place.highest = mine
    place.heardAt = now
    place.effects.set(id, end)
    for (const [effect, until] of place.effects)
      if (until + lateMs <= mine) place.effects.delete(effect)
    const closed = this.close(isOver)
    if (closed.length > 0) this.given.set(id, closed)
    return { kind: 'counted', closed }
  }

  forget(id: string): void {
    this.given.delete(id)
  }

  /** Whether a window is over for every place that is not idle, once that of the entry has come to `mine`. */
  private overFor({ place, lateMs, idleMs }: WindowEntry, mine: number, now: number) {
    const others = [...this.places]
      .filter(([name, { heardAt }]) => name !== place && heardAt > now - idleMs)
      .map(([, { highest }]) => highest)
    const reached = Math.min(mine, ...others)
    return ({ end }: Open) => end + lateMs <= reached
  }

  private close(isOver: (open: Open) => boolean): ClosedWindow[] {
    const closed = [...this.open]
      .filter(([, open]) => isOver(open))
      .toSorted(
        ([a, { end }], [b, { end: other }]) => end - other || Buffer.compare(text(a), text(b)),
      )
      .slice(0, WINDOWS.mostClosed)
    for (const [name] of closed) this.open.delete(name)
    return closed.map(([, { window }]) => window)
  }
}

const nothing = (kind: WindowAnswer['kind']): WindowAnswer => ({ kind, closed: [] })

const text = (name: string) => Buffer.from(name)

function counted(
  { id, group, numbers }: WindowEntry,
  start: number,
  before: ClosedWindow = { first: id, start, group, count: 0, measured: [] },
): ClosedWindow {
  return {
    ...before,
    count: before.count + 1,
    measured: numbers.map((value, nth) => measured(before.measured[nth] ?? NOTHING, value)),
  }
}

const measured = (before: Measured, value: number | undefined): Measured =>
  value === undefined
    ? before
    : {
        count: before.count + 1,
        sum: before.sum + value,
        min: before.count === 0 ? value : Math.min(before.min, value),
        max: before.count === 0 ? value : Math.max(before.max, value),
      }
