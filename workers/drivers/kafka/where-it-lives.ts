// Asks again where a partition lives when it is not where it was, or nowhere yet: brokers hear of a new topic one after the other.
import { typeOf } from './errors.ts'

/** Pauses before a question is repeated, milliseconds. */
const PAUSES = [50, 200, 500]
/** The partition is elsewhere, or does not answer for now. */
export const MOVED: ReadonlySet<string> = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
])

/** `look`: after so many milliseconds. Rejects as the last question does, or as `look`. */
export async function whereItLives<T>(
  question: () => Promise<T>,
  look: (afterMs: number) => Promise<void>,
): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await question()
    } catch (error) {
      if (!MOVED.has(typeOf(error) ?? '')) throw error
      await look(pause)
    }
  }
  return question()
}
