// Counts differences by what they are and where, and keeps the first of them; takes the same room for ten as for ten million.
import type { Difference } from './diff.ts'

export interface Count {
  /** `effect changed`, `message missing`, `outcome changed`, `order`. */
  readonly what: string
  /** `event to prediction_results`; absent of what is no effect. */
  readonly where?: string
  /** Of what changed: places of lists are told as `*`. */
  readonly path?: string
  readonly count: number
}

/** Where there are names without end, the rest is counted together. */
const NAMES = 200

export class Tally {
  readonly first: Difference[] = []
  total = 0
  private readonly limit: number
  private readonly counts = new Map<string, { -readonly [Part in keyof Count]: Count[Part] }>()

  /** So many of the first are kept. */
  constructor(limit: number) {
    this.limit = limit
  }

  add(difference: Difference): void {
    this.total++
    if (this.first.length < this.limit) this.first.push(difference)
    const what = kindOf(difference)
    if (difference.what !== 'effect') {
      const turn =
        difference.what === 'outcome' ? { path: `${difference.a} → ${difference.b}` } : {}
      return this.count({ what, ...turn })
    }
    const where = `${difference.effect.kind} to ${difference.effect.to}`
    if (difference.kind !== 'changed') return this.count({ what, where })
    const paths = difference.fields.map(({ path }) => path.replaceAll(/(?<=\.)\d+(?=\.|$)/g, '*'))
    for (const path of new Set(paths)) this.count({ what, where, path })
  }

  /** The most frequent first. */
  all(): Count[] {
    return [...this.counts.values()].toSorted((a, b) => b.count - a.count)
  }

  private count(one: Omit<Count, 'count'>): void {
    const name = JSON.stringify(one)
    const isNew = !this.counts.has(name)
    const entry = isNew && this.counts.size >= NAMES ? { what: 'others' } : one
    const key = entry === one ? name : 'others'
    const before = this.counts.get(key)
    if (before === undefined) this.counts.set(key, { ...entry, count: 1 })
    else before.count++
  }
}

export function kindOf({ what, kind }: Difference): string {
  return what === 'order' ? 'order' : `${what} ${kind}`
}
