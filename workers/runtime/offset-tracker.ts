// Which offsets of one lane are finished, and so what may be committed; never lets a commit pass an unfinished message.
import { decodeNote, encodeNote, type OffsetRange } from './offset-note.ts'

export interface Snapshot {
  /** Everything below is finished. */
  readonly next: number
  readonly note: string
  /** Finished messages that the note had no room for. */
  readonly uncovered: number
}

/**
 * Offsets are taken in ascending order (gaps are fine: compaction, control records) and finished in any order.
 * Invariant: `snapshot().next` <= the lowest taken and unfinished offset.
 */
export class OffsetTracker {
  // A growing ring of taken offsets; slot numbers only grow, slot & mask is the place.
  private offsets = new Float64Array(1024)
  private done = new Uint8Array(1024)
  private head = 0
  private tail = 0
  private finishedInRing = 0
  private nextUnseen: number | undefined
  private earlier: OffsetRange[]

  /** `committed` and `note` as the group stored them; null when it stored nothing. */
  constructor(committed: number | null, note: string) {
    this.nextUnseen = committed ?? undefined
    this.earlier = committed === null ? [] : decodeNote(committed, note)
  }

  /** Taken and unfinished. */
  get open(): number {
    return this.tail - this.head - this.finishedInRing
  }

  /** Adds what is known to be finished from elsewhere, ascending ranges at or above the committed offset. */
  remember(ranges: readonly OffsetRange[]): void {
    this.earlier = mergeRanges([...this.earlier, ...ranges])
  }

  /** True when the offset was finished in an earlier tenure: take it and finish it without work. */
  wasFinished(offset: number): boolean {
    if (this.earlier.length === 0) return false
    for (const [from, to] of this.earlier) {
      if (offset < from) return false
      if (offset < to) return true
    }
    return false
  }

  /** Returns the slot to finish later. */
  take(offset: number): number {
    const previous = this.nextUnseen
    if (this.tail > this.head && previous !== undefined && offset < previous)
      throw new RangeError(`offset ${offset} was taken after ${previous - 1}`)
    if (this.tail - this.head === this.offsets.length) this.grow()
    const slot = this.tail++
    const place = slot & (this.offsets.length - 1)
    this.offsets[place] = offset
    this.done[place] = 0
    this.nextUnseen = offset + 1
    return slot
  }

  /** Taken and unfinished; what an earlier tenure finished is not. */
  isOpen(offset: number): boolean {
    const mask = this.offsets.length - 1
    let [low, high] = [this.head, this.tail]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.offsets[middle & mask] as number) < offset) low = middle + 1
      else high = middle
    }
    return low < this.tail && this.offsets[low & mask] === offset && this.done[low & mask] === 0
  }

  /** Everything before it is finished. */
  isHead(slot: number): boolean {
    return slot === this.head
  }

  /** Taken and finished. */
  isDone(slot: number): boolean {
    return (
      slot < this.head || (slot < this.tail && this.done[slot & (this.offsets.length - 1)] === 1)
    )
  }

  /** Idempotent. Returns true when the lowest unfinished offset moved. */
  finish(slot: number): boolean {
    const mask = this.offsets.length - 1
    if (slot < this.head || slot >= this.tail || this.done[slot & mask] === 1) return false
    this.done[slot & mask] = 1
    this.finishedInRing++
    if (slot !== this.head) return false
    while (this.head < this.tail && this.done[this.head & mask] === 1) {
      this.head++
      this.finishedInRing--
    }
    return true
  }

  /** Undefined until something was committed before or taken now. */
  snapshot(): Snapshot | undefined {
    const next = this.lowestOpen()
    if (next === undefined) return undefined
    const ranges = this.finishedAbove().filter(([, to]) => to > next)
    const note = encodeNote(next, ranges)
    let uncovered = 0
    for (const [from, to] of ranges.slice(note.ranges)) uncovered += to - from
    return { next, note: note.text, uncovered }
  }

  /** Finished offsets that `next` does not say by itself; used to carry knowledge into the next tenure. */
  finishedAbove(): OffsetRange[] {
    const later = this.earlier.filter(([, to]) => to > (this.nextUnseen ?? 0))
    return mergeRanges([...this.finishedInRingRanges(), ...later])
  }

  lowestOpen(): number | undefined {
    if (this.head < this.tail) return this.offsets[this.head & (this.offsets.length - 1)] as number
    let next = this.nextUnseen
    if (next === undefined) return undefined
    for (const [from, to] of this.earlier) if (from <= next && next < to) next = to
    return next
  }

  private finishedInRingRanges(): OffsetRange[] {
    const ranges: [number, number][] = []
    const mask = this.offsets.length - 1
    let left = this.finishedInRing
    let open = true
    for (let slot = this.head; slot < this.tail && left > 0; slot++) {
      const finished = this.done[slot & mask] === 1
      if (finished) {
        left--
        const offset = this.offsets[slot & mask] as number
        if (open) ranges.push([offset, offset + 1])
        // A hole between two finished offsets is a record that no consumer ever sees.
        else (ranges[ranges.length - 1] as [number, number])[1] = offset + 1
      }
      open = !finished
    }
    return ranges
  }

  private grow(): void {
    const offsets = new Float64Array(this.offsets.length * 2)
    const done = new Uint8Array(offsets.length)
    for (let slot = this.head; slot < this.tail; slot++) {
      offsets[slot & (offsets.length - 1)] = this.offsets[
        slot & (this.offsets.length - 1)
      ] as number
      done[slot & (offsets.length - 1)] = this.done[slot & (this.offsets.length - 1)] as number
    }
    this.offsets = offsets
    this.done = done
  }
}

function mergeRanges(ranges: readonly OffsetRange[]): OffsetRange[] {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = merged[merged.length - 1]
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}
