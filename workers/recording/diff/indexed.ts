// A recording and where each of its messages stands in it: what was written more than once is told as it ended, at its last line.
import type { Entry, Head } from '../line.ts'
import { HashTable, hashOf, Numbers } from './hash-table.ts'
import type { RecordingFile } from './recording-file.ts'

/** What tells one message from another: where it stood, or what it calls itself. */
export type Identity = (entry: Entry) => string

/** One message, all that was written of it taken together. */
export interface Told {
  readonly identity: string
  /** In the order in which they were first told of; several where messages share an id. */
  readonly entries: readonly Entry[]
}

const NONE = -1

export class IndexedRecording {
  readonly heads: readonly Head[]
  readonly torn: number
  /** Lines of messages, repeats included. */
  readonly lines: number
  readonly pipelines: ReadonlySet<string>
  private readonly file: RecordingFile
  private readonly identity: Identity
  /** Of lines: where they begin, and the one before of the same hash. */
  private readonly places = new Numbers()
  private readonly before = new Numbers()
  /** The last line of each hash. */
  private readonly last = new HashTable()
  private readonly found = new Numbers()

  /** Throws SLU1015. */
  constructor(file: RecordingFile, identity: Identity) {
    this.file = file
    this.identity = identity
    const pipelines = new Set<string>()
    for (const { at, entry } of file.entries()) {
      pipelines.add(entry.pipeline)
      const key = hashOf(identity(entry))
      this.before.push(this.last.get(key))
      this.last.set(key, this.places.length)
      this.places.push(at)
      this.found.push(0)
    }
    this.heads = file.heads
    this.torn = file.torn
    this.lines = this.places.length
    this.pipelines = pipelines
  }

  /** Each message once, in the order of the lines at which they ended; `at` is the place of that line. */
  *messages(which: 'all' | 'not found'): Generator<Told & { readonly at: number }> {
    for (let line = 0; line < this.lines; line++) {
      if (which === 'not found' && this.found.at(line) === 1) continue
      const at = this.places.at(line)
      const entry = this.file.entryAt(at)
      const identity = this.identity(entry)
      const key = hashOf(identity)
      const isAlone = this.last.get(key) === line && this.before.at(line) === NONE
      const entries = isAlone ? [entry] : this.told(key, identity, line)
      if (entries !== undefined) yield { identity, entries, at }
    }
  }

  /** Undefined: it is not there. Remembers that it was asked for. */
  find(identity: string): (Told & { readonly at: number }) | undefined {
    const lines = this.linesOf(hashOf(identity), identity)
    const ended = lines.at(-1)
    if (ended === undefined) return undefined
    for (const { line } of lines) this.found.set(line, 1)
    return {
      identity,
      entries: folded(lines.map(({ entry }) => entry)),
      at: this.places.at(ended.line),
    }
  }

  entryAt(at: number): Entry {
    return this.file.entryAt(at)
  }

  /** Undefined when the message is told of once more after that line. */
  private told(key: number, identity: string, line: number): Entry[] | undefined {
    if (this.lastOf(key, identity) !== line) return undefined
    return folded(this.linesOf(key, identity).map(({ entry }) => entry))
  }

  /** Reads one line, however often a message is told of. */
  private lastOf(key: number, identity: string): number {
    let line = this.last.get(key)
    while (line !== NONE && this.identity(this.entryAt(this.places.at(line))) !== identity)
      line = this.before.at(line)
    return line
  }

  /** In the order of the file. */
  private linesOf(key: number, identity: string): { line: number; entry: Entry }[] {
    const lines: { line: number; entry: Entry }[] = []
    for (let line = this.last.get(key); line !== NONE; line = this.before.at(line)) {
      const entry = this.file.entryAt(this.places.at(line))
      if (this.identity(entry) === identity) lines.push({ line, entry })
    }
    return lines.toReversed()
  }
}

/** After a crash a message is done once more, and that is how it ended; after it was parked it is done on. */
function folded(lines: readonly Entry[]): Entry[] {
  const entries = new Map<string, Entry>()
  for (const [turn, entry] of lines.entries()) {
    const place = entry.message ?? `${turn}`
    const earlier = entries.get(place)
    entries.set(
      place,
      earlier?.outcome === 'parked'
        ? { ...entry, effects: [...earlier.effects, ...entry.effects] }
        : entry,
    )
  }
  return [...entries.values()]
}
