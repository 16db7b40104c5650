// Finds what somebody probably meant.
import { distance } from 'fastest-levenshtein'

/** The nearest of `known`, if it is near enough to be a slip. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(written.length / 3)) + 1
  for (const candidate of known) {
    const far = distance(written.toLowerCase(), candidate.toLowerCase())
    if (far < least) {
      least = far
      best = candidate
    }
  }
  return best
}

/** A hint for an unknown name: what was probably meant, else what there is. */
export function didYouMean(written: string, known: readonly string[]): string {
  const near = nearest(written, known)
  if (near !== undefined) return `did you mean "${near}"?`
  return known.length === 0 ? 'there is none yet' : `there is: ${known.slice(0, 12).join(', ')}`
}
