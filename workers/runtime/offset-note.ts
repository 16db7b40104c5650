// Finished offsets above a committed one, as text small enough for a Kafka commit's metadata; never claims an offset that was not finished.
//
// Format: `f1:` and base64url of unsigned varints (LEB128), in pairs: offsets still open, then offsets finished, counted up from `next`.

/** Half-open: [from, to). */
export type OffsetRange = readonly [from: number, to: number]

/** Kafka's default offset.metadata.max.bytes is 4096. */
const MAX_BYTES = 2_950

const PREFIX = 'f1:'

export interface Note {
  readonly text: string
  /** How many of the given ranges fitted; the rest would be repeated after a crash. */
  readonly ranges: number
}

/** `ranges` ascend, do not touch each other and start above `next`. */
export function encodeNote(next: number, ranges: readonly OffsetRange[]): Note {
  const bytes: number[] = []
  let at = next
  let written = 0
  for (const [from, to] of ranges) {
    const before = bytes.length
    pushVarint(bytes, from - at)
    pushVarint(bytes, to - from)
    if (bytes.length > MAX_BYTES) {
      bytes.length = before
      break
    }
    at = to
    written++
  }
  return {
    text: written === 0 ? '' : PREFIX + Buffer.from(bytes).toString('base64url'),
    ranges: written,
  }
}

/** Anything that this version did not write gives no ranges: a repeat is safe, a skip is not. */
export function decodeNote(next: number, text: string): OffsetRange[] {
  if (!text.startsWith(PREFIX)) return []
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  if (PREFIX + bytes.toString('base64url') !== text) return []
  const ranges: OffsetRange[] = []
  let at = next
  let index = 0
  const read = (): number | undefined => {
    let value = 0
    let scale = 1
    while (index < bytes.length) {
      const byte = bytes[index++] as number
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : undefined
      scale *= 128
    }
    return undefined
  }
  while (index < bytes.length) {
    const open = read()
    const finished = read()
    if (open === undefined || finished === undefined || open === 0 || finished === 0) return []
    ranges.push([at + open, at + open + finished])
    at += open + finished
    if (!Number.isSafeInteger(at)) return []
  }
  return ranges
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}
