// Waits until a topic that was just created is known where it is asked for: brokers answer from their own copy of the metadata, which follows.
import type { Clock } from '../../core/clock.ts'
import { typeOf } from './errors.ts'

const LOOK_MS = 50
/** Whoever creates topics waits no longer by itself. */
const LOOKS = 400
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'])

/** `leaders`: by partition, negative when there is none yet. */
export async function untilLed(
  leaders: () => Promise<readonly number[]>,
  clock: Clock,
): Promise<void> {
  for (let looks = 1; !(await isLed(leaders)) && looks < LOOKS; looks++) await clock.sleep(LOOK_MS)
}

async function isLed(leaders: () => Promise<readonly number[]>): Promise<boolean> {
  try {
    return (await leaders()).every((leader) => leader >= 0)
  } catch (error) {
    if (NOT_YET.has(typeOf(error) ?? '')) return false
    throw error
  }
}
