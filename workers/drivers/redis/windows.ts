// What goes into the script of windows, and what comes out of it.
import { startOf, WINDOWS, type WindowAnswer, type WindowEntry } from '../../core/windows.ts'
import type { WindowReply } from './scripts.ts'

/** All windows of a scope are one slot of a cluster. */
const keyOf = (scope: string, ...parts: readonly string[]) => [`{${scope}}`, ...parts].join(':')

/** What was closed for an effect. */
export const givenKey = (scope: string, id: string): string => keyOf(scope, 'closed', id)

export function windowArguments(entry: WindowEntry): (string | number)[] {
  const { scope, id, place, group, at, reached, everyMs, lateMs, idleMs, limit } = entry
  const { mostClosed, aheadMs, keepMs } = WINDOWS
  const start = startOf(entry)
  return [
    keyOf(scope, 'highest'),
    keyOf(scope, 'heard'),
    keyOf(scope, 'open'),
    keyOf(scope, 'sums'),
    keyOf(scope, 'effects', place),
    givenKey(scope, id),
    place,
    at,
    start,
    start + everyMs,
    group,
    id,
    lateMs,
    idleMs,
    limit,
    aheadMs,
    mostClosed,
    keepMs,
    reached ?? '',
    ...entry.numbers.map((number) => number ?? ''),
  ]
}

/** Of a row's numbers the first is the count of messages, the others are four for each measure. */
export const answerOf = ([kind, ...rows]: WindowReply): WindowAnswer => ({
  kind,
  closed: rows.map(([start, group = '', first = '', count, ...numbers]) => ({
    first,
    start: Number(start),
    group,
    count: Number(count),
    measured: Array.from({ length: numbers.length / 4 }, (_, nth) => {
      const [measured = 0, sum = 0, min = 0, max = 0] = numbers
        .slice(4 * nth, 4 * nth + 4)
        .map(Number)
      return { count: measured, sum, min, max }
    }),
  })),
})
