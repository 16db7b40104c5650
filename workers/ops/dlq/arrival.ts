// Whether a replay arrived, for whoever finds one that was begun and does not know how it ended; a topic shows it, a queue does not.
import { REPLAY } from '../../core/letter.ts'
import type { LogRange } from '../../core/log-view.ts'
import { headerText } from '../../core/message.ts'
import { rangesOf } from './destinations.ts'
import type { Target } from './origin.ts'

/** Where the origin ends now: what is sent from now on stands behind it. */
export async function endsOf({ view }: Target): Promise<Record<string, number> | undefined> {
  if (view === undefined) return undefined
  const ranges = await rangesOf(view)
  return Object.fromEntries(ranges.map(({ partition, to }) => [partition, to]))
}

/** Whether a replay of the letter stands behind those ends; undefined: nobody can see. */
export async function hasArrived(
  { view }: Target,
  key: string,
  ends: Readonly<Record<string, number>> | undefined,
): Promise<boolean | undefined> {
  if (view === undefined || ends === undefined) return undefined
  for (const range of await rangesOf(view)) {
    const behind: LogRange = { ...range, from: Math.max(range.from, ends[range.partition] ?? 0) }
    for await (const page of view.read(behind))
      if (page.some(({ headers }) => headerText(headers, REPLAY.of) === key)) return true
  }
  return false
}
