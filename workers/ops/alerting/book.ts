// Everything that is watched: how it stands, and what was said of it. What differs is to be said, and so is what is wrong for long.
import { NOTHING, type Told } from './told.ts'
import { Standing } from './standing.ts'
import { aboutOf, observed, type About, type Observation } from './observed.ts'
import type { OverallHealth, Status } from '../health/health.ts'

export interface Untold {
  readonly key: string
  readonly about: About
  readonly status: Status
  readonly told: Told
  /** What was seen last; undefined of what is gone. */
  readonly seen: Observation | undefined
}

interface Entry {
  readonly about: About
  readonly standing: Standing
  seen: Observation | undefined
  told: Told
  /** The state store does not know of it yet. */
  unsaved: boolean
}

export interface BookTimes {
  readonly forMs: number
  readonly repeatMs: number
}

export class Book {
  private readonly times: BookTimes
  private readonly entries = new Map<string, Entry>()

  constructor(times: BookTimes) {
    this.times = times
  }

  /** `now` is monotonic. */
  see(health: OverallHealth, now: number): void {
    const { seen, isUnknown } = observed(health)
    for (const [key, one] of seen) this.entry(key, one.about).seen = one
    for (const [key, entry] of this.entries) {
      if (isUnknown(entry.about)) {
        entry.standing.lose()
        continue
      }
      if (!seen.has(key)) entry.seen = undefined
      entry.standing.see(entry.seen?.status ?? 'pass', now)
    }
  }

  /** Another process said more of it than this one knows of; it may be gone by now. */
  hear(key: string, told: Told): void {
    const about = aboutOf(key)
    if (about === undefined) return
    const entry = this.entry(key, about)
    if (told.nth <= entry.told.nth) return
    entry.told = told
    entry.unsaved = false
    entry.standing.become(told.status)
  }

  /** `now` by the clock of the wall. */
  untold(now: number): Untold[] {
    return [...this.entries].flatMap(([key, { about, standing, told, seen }]) => {
      const { status } = standing
      const isDue = status !== 'pass' && now - told.at >= this.times.repeatMs
      return status !== told.status || isDue ? [{ key, about, status, told, seen }] : []
    })
  }

  tell(key: string, told: Told): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    entry.told = told
    entry.unsaved = true
  }

  get unsaved(): readonly (readonly [key: string, told: Told])[] {
    return [...this.entries].flatMap(([key, { told, unsaved }]) =>
      unsaved ? [[key, told] as const] : [],
    )
  }

  saved(key: string, told: Told): void {
    const entry = this.entries.get(key)
    if (entry?.told === told) entry.unsaved = false
  }

  /** Of what was said to be wrong, by how wrong it is. */
  count(status: 'warn' | 'fail'): number {
    return [...this.entries.values()].filter(({ told }) => told.status === status).length
  }

  private entry(key: string, about: About): Entry {
    const known = this.entries.get(key)
    if (known !== undefined) return known
    const standing = new Standing(this.times.forMs)
    const entry = { about, standing, seen: undefined, told: NOTHING, unsaved: false }
    this.entries.set(key, entry)
    return entry
  }
}
