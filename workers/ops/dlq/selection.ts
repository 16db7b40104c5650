// Which letters a command is about: what stood there when it was asked, so that what fails again meanwhile is not sent round.
import type { LogRange } from '../../core/log-view.ts'
import { lettersOf, rangesOf, viewOf, type Destination, type Reach } from './destinations.ts'
import { matches, scopeOf, type LetterExpression } from './filter.ts'
import { findLetters } from './find.ts'
import { fingerprint } from './fingerprint.ts'
import { statusOf, type Entry } from './ledger.ts'
import type { Foreign, Letter } from './letter.ts'

export interface Wanted {
  /** Places and ids of events; empty: whatever the others say. */
  readonly whats: readonly string[]
  readonly where: LetterExpression | undefined
  /** Fingerprint of a group, or the beginning of one. */
  readonly group: string | undefined
}

export class Selection {
  private readonly reach: Reach
  private readonly destination: Destination
  private readonly wanted: Wanted
  private ranges: readonly LogRange[] | undefined

  constructor(reach: Reach, destination: Destination, wanted: Wanted) {
    this.reach = reach
    this.destination = destination
    this.wanted = wanted
  }

  /** The same letters each time, each once, whatever arrives meanwhile; `known`: those that are done are passed over. */
  async *letters(known: ReadonlyMap<string, Entry>): AsyncGenerator<Letter | Foreign> {
    const seen = new Set<string>()
    for await (const letter of this.all()) {
      if (seen.has(letter.key)) continue
      seen.add(letter.key)
      // What was named is answered for, even if it is done.
      const isDone = statusOf(known.get(letter.key)) !== 'open'
      if (isDone && this.wanted.whats.length === 0) continue
      if (this.isWanted(letter)) yield letter
    }
  }

  private async *all(): AsyncGenerator<Letter | Foreign> {
    const { reach, destination, wanted } = this
    if (wanted.whats.length > 0)
      for (const what of wanted.whats) yield* await findLetters(reach, destination, what)
    else {
      this.ranges ??= await rangesOf(viewOf(reach, destination))
      yield* lettersOf(reach, destination, this.ranges)
    }
  }

  private isWanted(letter: Letter | Foreign): boolean {
    const { where, group, whats } = this.wanted
    // What is no letter has nothing that a filter could ask for.
    if (letter.kind === 'foreign') return whats.length > 0
    const print = fingerprint(letter)
    if (group !== undefined && !print.startsWith(group)) return false
    return where === undefined || matches(where, scopeOf(letter, print))
  }
}
