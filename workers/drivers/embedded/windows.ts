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
    const { id, at, everyMs, lateMs } = entry
    const before = this.given.get(id)
    if (before !== undefined) return { kind: 'repeated', closed: before }
    const known = this.places.get(entry.place)
    const place = known ?? { highest: -Infinity, heardAt: 0, effects: new Map<string, number>() }
    if (place.effects.has(id)) return { kind: 'repeated', closed: [] }
    const start = startOf(entry)
    const end = start + everyMs
    if (end + lateMs <= place.highest) return { kind: 'late', closed: [] }
    const now = this.clock.now()
    if (at > now + WINDOWS.aheadMs) return { kind: 'ahead', closed: [] }
    this.places.set(entry.place, place)
    place.highest = Math.max(place.highest, Math.min(at, now))
    place.heardAt = now
    for (const [effect, over] of place.effects)
      if (over <= place.highest - lateMs) place.effects.delete(effect)
    const closed = this.close(entry, now)
    if (closed.length > 0) this.given.set(id, closed)
    const name = `${start}:${entry.group}`
    if (!this.open.has(name) && this.open.size >= entry.limit) return { kind: 'full', closed }
    this.open.set(name, { end, window: counted(entry, start, this.open.get(name)?.window) })
    place.effects.set(id, end)
    return { kind: 'counted', closed }
  }

  forget(id: string): void {
    this.given.delete(id)
  }

  private close({ lateMs, idleMs }: WindowEntry, now: number): ClosedWindow[] {
    const heard = [...this.places.values()].filter(({ heardAt }) => heardAt > now - idleMs)
    const reached = Math.min(...heard.map(({ highest }) => highest)) - lateMs
    const closed = [...this.open]
      .filter(([, { end }]) => end <= reached)
      .toSorted(
        ([a, { end }], [b, { end: other }]) => end - other || Buffer.compare(text(a), text(b)),
      )
      .slice(0, WINDOWS.mostClosed)
    for (const [name] of closed) this.open.delete(name)
    return closed.map(([, { window }]) => window)
  }
}

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
