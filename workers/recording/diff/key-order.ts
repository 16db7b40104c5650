// Whether the messages of a key come in the same order in both recordings; remembers two places a key, and says it once for each.
import type { Entry } from '../line.ts'
import { HashTable, hashOf, Numbers } from './hash-table.ts'

const TOLD = Number.POSITIVE_INFINITY

export class KeyOrder {
  private readonly entryAt: (at: number) => Entry
  private readonly table = new HashTable()
  /** Of each key: the message that came furthest in the second recording so far, by its places in both. */
  private readonly first = new Numbers()
  private readonly second = new Numbers()

  /** `entryAt`: of the first recording. */
  constructor(entryAt: (at: number) => Entry) {
    this.entryAt = entryAt
  }

  /** In the order of the first recording. The message that the second one has later than this one; undefined: there is none, or it was said. */
  broken(entry: Entry, a: number, b: number): string | undefined {
    if (entry.key === null) return undefined
    const key = hashOf(`${entry.pipeline}\n${entry.key}`)
    const index = this.table.get(key)
    if (index === -1) {
      this.table.set(key, this.first.length)
      this.first.push(a)
      this.second.push(b)
      return undefined
    }
    const furthest = this.second.at(index)
    if (furthest === TOLD) return undefined
    if (b > furthest) {
      this.first.set(index, a)
      this.second.set(index, b)
      return undefined
    }
    const before = this.entryAt(this.first.at(index))
    // Another key of the same hash.
    if (before.key !== entry.key || before.pipeline !== entry.pipeline) return undefined
    this.second.set(index, TOLD)
    return before.message ?? before.id ?? 'a message without a name'
  }
}
