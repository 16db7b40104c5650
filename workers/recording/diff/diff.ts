// Holds two recordings against each other, message by message; holds a few numbers a line in memory, and never the lines.
import type { Entry } from '../line.ts'
import { compareEffects, type EffectDifference } from './effects.ts'
import { ignoring, type Path } from './fields.ts'
import { IndexedRecording, type Identity, type Told } from './indexed.ts'
import { KeyOrder } from './key-order.ts'
import { RecordingFile } from './recording-file.ts'
import { notTooDeep } from './too-deep.ts'

export interface DiffTerms {
  /** message: where it stood on its source, which both runs read. id: what it calls itself. */
  readonly by: 'message' | 'id'
  /** Of effects: `value.score`, `failure.reason`. */
  readonly ignore: readonly string[]
  /** What only one of them tells of is no difference: they began or ended elsewhere. */
  readonly common: boolean
}

/** `entry` is as the first run tells it, of what is extra as the second. */
export type Difference = { readonly entry: Entry } & (
  | { readonly what: 'message'; readonly kind: 'missing' | 'extra' }
  | { readonly what: 'outcome'; readonly kind: 'changed'; readonly a: string; readonly b: string }
  | { readonly what: 'order'; readonly kind: 'order'; readonly before: string }
  | ({ readonly what: 'effect' } & EffectDifference)
)

export interface Side {
  readonly file: string
  readonly modes: readonly string[]
  readonly pipelines: readonly string[]
  readonly messages: number
  /** Lines of messages that were told of more than once, without the last of each. */
  readonly repeats: number
  readonly torn: number
}

export interface Compared {
  readonly a: Side
  readonly b: Side
  /** Messages that both tell of, and how many of them are the same in both. */
  readonly both: number
  readonly equal: number
  readonly onlyA: number
  readonly onlyB: number
}

/** `found` is called with each difference, in the order of the first recording, then what only the second has. Throws SLU1015. */
export function diff(
  files: { readonly a: string; readonly b: string },
  terms: DiffTerms,
  found: (difference: Difference) => void,
): Compared {
  const opened: RecordingFile[] = []
  const open = (file: string) => {
    const one = new RecordingFile(file)
    opened.push(one)
    return one
  }
  try {
    return notTooDeep(files, () => compare(open(files.a), open(files.b), terms, found))
  } finally {
    for (const file of opened) file.close()
  }
}

function compare(
  fileA: RecordingFile,
  fileB: RecordingFile,
  { by, ignore, common }: DiffTerms,
  found: (difference: Difference) => void,
): Compared {
  const identity = identityBy(by)
  const a = new IndexedRecording(fileA, identity)
  const b = new IndexedRecording(fileB, identity)
  const ignored = ignoring(ignore)
  const order = new KeyOrder((at) => a.entryAt(at))
  const ordered = orderedIn(a, b)
  const counts = { a: 0, b: 0, both: 0, equal: 0, onlyA: 0, onlyB: 0 }
  for (const mine of a.messages('all')) {
    counts.a++
    const other = b.find(mine.identity)
    if (other === undefined) {
      counts.onlyA++
      if (!common) found({ what: 'message', kind: 'missing', entry: last(mine) })
      continue
    }
    counts.both++
    let isEqual = true
    for (const difference of compareTold(mine, other, ignored)) {
      isEqual = false
      found(difference)
    }
    if (isEqual) counts.equal++
    const entry = last(mine)
    if (!ordered(entry.pipeline) || entry.effects.length === 0 || last(other).effects.length === 0)
      continue
    const before = order.broken(entry, mine.at, other.at)
    if (before !== undefined) found({ what: 'order', kind: 'order', entry, before })
  }
  for (const extra of b.messages('not found')) {
    counts.onlyB++
    if (!common) found({ what: 'message', kind: 'extra', entry: last(extra) })
  }
  counts.b = counts.both + counts.onlyB
  const { both, equal, onlyA, onlyB } = counts
  return {
    a: sideOf(fileA.file, a, counts.a),
    b: sideOf(fileB.file, b, counts.b),
    both,
    equal,
    onlyA,
    onlyB,
  }
}

const sideOf = (file: string, recording: IndexedRecording, messages: number): Side => ({
  file,
  modes: [...new Set(recording.heads.map(({ mode }) => mode))],
  pipelines: [...recording.pipelines],
  messages,
  repeats: recording.lines - messages,
  torn: recording.torn,
})

/** A message is never without entries. */
const last = ({ entries }: Told): Entry => entries.at(-1) as Entry

function compareTold(a: Told, b: Told, ignored: (path: Path) => boolean): Difference[] {
  const found: Difference[] = []
  for (let turn = 0; turn < Math.max(a.entries.length, b.entries.length); turn++) {
    const [mine, other] = [a.entries[turn], b.entries[turn]]
    if (mine === undefined) {
      found.push({ what: 'message', kind: 'extra', entry: other as Entry })
    } else if (other === undefined) {
      found.push({ what: 'message', kind: 'missing', entry: mine })
    } else {
      if (mine.outcome !== other.outcome)
        found.push({
          what: 'outcome',
          kind: 'changed',
          entry: mine,
          a: mine.outcome ?? 'nothing',
          b: other.outcome ?? 'nothing',
        })
      for (const difference of compareEffects(mine.effects, other.effects, ignored))
        found.push({ what: 'effect', entry: mine, ...difference })
    }
  }
  return found
}

/** What cannot be told by the one is told by the other. */
function identityBy(by: DiffTerms['by']): Identity {
  return (entry) => {
    const effect = `effect ${entry.effects[0]?.id ?? ''}`
    const told =
      by === 'id' ? (entry.id ?? entry.message ?? effect) : (entry.message ?? entry.id ?? effect)
    return `${entry.pipeline}\n${told}`
  }
}

/** Without a word on it, the order of a key matters. */
function orderedIn(...recordings: readonly IndexedRecording[]): (pipeline: string) => boolean {
  const heads = recordings.flatMap(({ heads: all }) => all)
  const loose = new Set(
    heads.flatMap(({ pipelines }) =>
      Object.entries(pipelines).flatMap(([name, { order }]) => (order === 'none' ? [name] : [])),
    ),
  )
  return (pipeline) => !loose.has(pipeline)
}
