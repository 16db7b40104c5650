// What there is among the dead letters: groups of one reason, with counts and times. Copies of one letter count once.
import type { Status } from './ledger.ts'
import { fingerprint } from './fingerprint.ts'
import type { Foreign, Letter, Spot } from './letter.ts'

export interface Group {
  readonly destination: string
  readonly fingerprint: string
  readonly code: string
  readonly class: string
  readonly pipeline: string
  readonly step: string | undefined
  /** Of the latest letter. */
  reason: string
  readonly counts: Record<Status, number>
  first: string
  last: string
  /** Where its latest letter stands. */
  latest: Spot
}

/** One letter of a list of letters. */
export interface Entry {
  readonly letter: Letter
  readonly status: Status
  readonly fingerprint: string
}

export interface SurveyParts {
  readonly statusOf: (letter: Letter | Foreign) => Status
  /** Letters that are wanted; a status, a filter. */
  readonly wanted: (letter: Letter, status: Status) => boolean
  /** Letters themselves are kept up to so many; 0: only groups. */
  readonly keep: number
}

export class Survey {
  readonly groups = new Map<string, Group>()
  readonly entries: Entry[] = []
  /** What is no letter of ours, by destination. */
  readonly foreign = new Map<string, number>()
  copies = 0
  /** Letters that were wanted, beyond those that are kept. */
  more = 0
  private readonly parts: SurveyParts
  private readonly seen = new Set<string>()

  constructor(parts: SurveyParts) {
    this.parts = parts
  }

  add(letter: Letter | Foreign): void {
    const { destination } = letter.spot
    const status = this.parts.statusOf(letter)
    if (letter.kind === 'foreign') {
      if (status === 'open') this.foreign.set(destination, (this.foreign.get(destination) ?? 0) + 1)
      return
    }
    const identity = `${destination}\u0000${letter.key}`
    if (this.seen.has(identity)) {
      this.copies++
      return
    }
    this.seen.add(identity)
    if (!this.parts.wanted(letter, status)) return
    const print = fingerprint(letter)
    this.count(letter, status, print)
    if (this.entries.length < this.parts.keep)
      this.entries.push({ letter, status, fingerprint: print })
    else if (this.parts.keep > 0) this.more++
  }

  /** What is left to do first, and of that the latest. */
  sorted(): Group[] {
    const isOpen = ({ counts }: Group) => (counts.open > 0 ? 1 : 0)
    return [...this.groups.values()].toSorted(
      (a, b) => isOpen(b) - isOpen(a) || (a.last < b.last ? 1 : -1),
    )
  }

  private count(letter: Letter, status: Status, print: string): void {
    const { code, pipeline, step, reason, failedAt, spot } = letter
    const id = `${spot.destination}\u0000${print}`
    const group: Group = this.groups.get(id) ?? {
      destination: spot.destination,
      fingerprint: print,
      code,
      class: letter.class,
      pipeline,
      step,
      reason,
      counts: { open: 0, replayed: 0, dropped: 0 },
      first: failedAt,
      last: failedAt,
      latest: spot,
    }
    this.groups.set(id, group)
    group.counts[status]++
    if (failedAt < group.first) group.first = failedAt
    if (failedAt >= group.last) Object.assign(group, { last: failedAt, reason, latest: spot })
  }
}
