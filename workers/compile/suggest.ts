// Finds what somebody probably meant.
import { distance } from 'fastest-levenshtein'

/** Longer than any name; comparing costs time by its length. */
const LONGEST = 100
/** So does comparing with very many. */
const MOST = 500

/** The nearest of `known`, if it is near enough to be a slip. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  if (written.length > LONGEST) return undefined
  let best: string | undefined
  let least = Math.max(2, Math.floor(written.length / 3)) + 1
  let compared = 0
  for (const candidate of known) {
    if (++compared > MOST) break
    const far = distance(written.toLowerCase(), candidate.toLowerCase())
    if (far < least && far < Math.max(written.length, candidate.length)) {
      least = far
      best = candidate
    }
  }
  return best
}

/** A hint for an unknown name: what was probably meant, else what there is. */
export function didYouMean(written: string, known: readonly string[]): string {
  const near = nearest(written, known)
  return near === undefined ? whatThereIs(known) : `did you mean "${near}"?`
}

export function whatThereIs(known: readonly string[]): string {
  if (known.length === 0) return 'there is none yet'
  return `there is: ${listed(known)}`
}

/** The first of many. */
export const listed = (names: readonly string[]): string =>
  `${names.slice(0, 12).join(', ')}${names.length > 12 ? ' …' : ''}`
