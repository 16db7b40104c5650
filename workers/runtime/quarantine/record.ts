// What the state store knows of one lane: who holds it, how far its messages were handed out, and what is suspected of killing processes. Pure.

/** So many ends under its own marker, and a message is given up. */
export const ENOUGH = 3

/** A lane whose tenures ended uncleanly this often in a row, with suspects of the first end still unsettled, runs them alone. */
const REPEATED = 2

export interface LaneRecord {
  readonly version: 1
  /** The process that holds it, or held it last. */
  readonly holder: string
  /** False once the lane was given up in order: whoever comes next owes nothing to an unclean end. */
  readonly open: boolean
  /** What was committed when it was granted. */
  readonly from: number
  /** No message at or above it was handed to the pipeline. */
  readonly upTo: number
  /** Unclean ends in a row, this tenure not counted. */
  readonly ends: number
  /** Suspects lie below it: they were handed out in each of those tenures. */
  readonly to: number
  /** The offset that runs behind its marker now. */
  readonly runs: number | undefined
  /** How many processes ended under the marker of an offset; only those under which one did. */
  readonly ended: Readonly<Record<string, number>>
}

/** The record of a new tenure. `before` is what the last one left; undefined when it ended in order. */
export function taken(holder: string, from: number, before: LaneRecord | undefined): LaneRecord {
  const fresh = { version: 1, holder, open: true, from, upTo: from, runs: undefined } as const
  const unsuspected = { ...fresh, ends: 0, to: from, ended: {} }
  // An offset that went backwards was reset by somebody.
  if (before === undefined || from < before.from) return unsuspected
  // Whoever holds it again in the same process did not end either.
  const inOrder = !before.open || before.holder === holder
  if (before.ends > 0 && from < before.to) {
    if (inOrder) return { ...fresh, ends: before.ends, to: before.to, ended: before.ended }
    const to = isAlone(before) ? before.to : Math.min(before.to, before.upTo)
    return { ...fresh, ends: before.ends + 1, to, ended: endedIn(before) }
  }
  if (inOrder || from >= before.upTo) return unsuspected
  return { ...fresh, ends: 1, to: before.upTo, ended: {} }
}

function endedIn({ runs, ended }: LaneRecord): Readonly<Record<string, number>> {
  return runs === undefined ? ended : { ...ended, [runs]: (ended[runs] ?? 0) + 1 }
}

/** Its suspects are to be run alone. */
export const isAlone = ({ ends, from, to }: LaneRecord): boolean => ends >= REPEATED && from < to

/** Anything that this version did not write says nothing. */
export function recordOf(text: string | undefined): LaneRecord | undefined {
  if (text === undefined) return undefined
  try {
    const record = JSON.parse(text) as Partial<LaneRecord> | null
    return record?.version === 1 ? (record as LaneRecord) : undefined
  } catch {
    return undefined
  }
}
