// What the state store knows of one lane of a log: who holds it, how far its messages were handed out, and which of them are suspects. Pure.

export interface LaneRecord {
  readonly version: 2
  /** The process that holds it, or held it last. */
  readonly holder: string
  /** False once the lane was given up in order: whoever comes next owes nothing to an unclean end. */
  readonly open: boolean
  /** Of the suspects: an offset names the same message for as long as it is the same. */
  readonly epoch: string
  /** What was committed when it was granted. */
  readonly from: number
  /** No message at or above it was handed to the pipeline. */
  readonly upTo: number
  /** Suspects lie below it: they were handed out by a process that ended uncleanly. */
  readonly to: number
}

/** The record of a new tenure. `before` is what the last one left; undefined when it ended in order. */
export function taken(holder: string, from: number, before: LaneRecord | undefined): LaneRecord {
  const unsuspected = unsuspectedFrom(holder, from)
  // An offset that went backwards was reset by somebody.
  if (before === undefined || from < before.from) return unsuspected
  // Whoever holds it again in the same process did not end either.
  const inOrder = !before.open || before.holder === holder
  const to = inOrder ? before.to : Math.max(before.to, before.upTo)
  return from >= to ? unsuspected : { ...unsuspected, epoch: before.epoch, upTo: to, to }
}

/** Every suspect has passed. */
export const passed = (record: LaneRecord): LaneRecord => ({
  ...record,
  epoch: `${record.holder}@${record.to}`,
  to: record.from,
})

const unsuspectedFrom = (holder: string, from: number): LaneRecord => ({
  version: 2,
  holder,
  open: true,
  epoch: `${holder}@${from}`,
  from,
  upTo: from,
  to: from,
})

/** Anything that this version did not write says nothing. */
export function recordOf(text: string | undefined): LaneRecord | undefined {
  if (text === undefined) return undefined
  try {
    const record = JSON.parse(text) as Partial<LaneRecord> | null
    return record?.version === 2 ? (record as LaneRecord) : undefined
  } catch {
    return undefined
  }
}
