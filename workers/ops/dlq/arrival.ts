// What became of a replay that was begun and never noted as done; a topic shows what arrived, a queue does not.
import { timeOf } from '../../core/clock.ts'
import { REPLAY } from '../../core/letter.ts'
import type { LogRange } from '../../core/log-view.ts'
import { headerText } from '../../core/message.ts'
import { rangesOf } from './destinations.ts'
import type { Entry } from './ledger.ts'
import type { Target } from './origin.ts'

/** unknown: nobody can see whether it arrived. */
export type Fate = 'arrived' | 'absent' | 'unknown'

/** Where the origin ends now: what is sent from now on stands behind it. */
export async function endsOf({ view }: Target): Promise<Record<string, number> | undefined> {
  if (view === undefined) return undefined
  const ranges = await rangesOf(view)
  return Object.fromEntries(ranges.map(({ partition, to }) => [partition, to]))
}

/** Of the replay of the letter `key`; nobody may be at it any more. */
export async function fateOf(
  { view }: Target,
  key: string,
  { sent, ends }: Pick<Entry, 'sent' | 'ends'>,
): Promise<Fate> {
  if (sent === true) return 'arrived'
  if (view === undefined || ends === undefined) return 'unknown'
  const ranges = await rangesOf(view)
  for (const range of ranges) {
    const behind: LogRange = { ...range, from: Math.max(range.from, ends[range.partition] ?? 0) }
    for await (const page of view.read(behind))
      if (page.some(({ headers }) => headerText(headers, REPLAY.of) === key)) return 'arrived'
  }
  // What the broker has forgotten behind the noted ends may have been it.
  const isWhole = ranges.every(({ partition, from }) => from <= (ends[partition] ?? 0))
  return isWhole ? 'absent' : 'unknown'
}

/** Whoever takes the same message once more, knows it, and does nothing: as long as he remembers it. */
export const isRemembered = ({ remembersMs }: Target, { at }: Entry, now: number): boolean =>
  now - timeOf(at) < remembersMs
