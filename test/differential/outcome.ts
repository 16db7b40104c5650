// What a run comes to, without what is different each time: moments, traces, and what work for other keys went on at once.
import { LETTER_PREFIX } from '../../workers/core/letter.ts'
import type { Happened } from '../../workers/testing/run-case.ts'
import type { Seen } from '../../workers/testing/seen.ts'
import type { History } from './run.ts'

/** Of a moment, of one run, or of the process that wrote it. */
const OF_THE_RUN: readonly string[] = [
  'traceparent',
  'tracestate',
  'ce_time',
  ...['failed-at', 'timestamp', 'stack'].map((name) => LETTER_PREFIX + name),
]

export const ofTheRun = (header: string): boolean => OF_THE_RUN.includes(header)

export type Fields = Readonly<Record<string, unknown>>

export interface Outcome {
  /** By destination and chain: in the order that the pipeline promises there, else in any. */
  readonly effects: Readonly<Record<string, readonly Fields[]>>
  readonly letters: readonly Fields[]
  /** Next offset to read, by partition. */
  readonly commits: Readonly<Record<string, number>>
  readonly counts: Fields
  readonly stuck: boolean
}

export function outcomeOf({ pipeline, given }: History, happened: Happened): Outcome {
  const { recorder, counts, stuckAfterMs, paused } = happened
  const effects: Record<string, Fields[]> = {}
  const letters: Fields[] = []
  const chainOf = ({ cause }: Seen): string => {
    if (cause === undefined || pipeline.order === 'none') return 'any'
    if (pipeline.order === 'partition') return cause.split('/')[0] ?? ''
    return given[recorder.places.get(cause) ?? -1]?.key ?? 'any'
  }
  for (const seen of recorder.seen) {
    const { section, destination } = seen
    const fields = withoutMoments(seen.fields)
    if (section === 'deadLetters') letters.push({ destination, ...fields })
    // Who finds a cache empty depends on who else is at work.
    else if (section === 'caches')
      effects[`caches ${destination}`] = distinct(
        effects[`caches ${destination}`] ?? [],
        seen.fields,
      )
    else (effects[`${section} ${destination} ${chainOf(seen)}`] ??= []).push(fields)
  }
  for (const [name, list] of Object.entries(effects))
    if (name.endsWith(' any') || name.startsWith('caches ')) effects[name] = sorted(list)
  const { released: _released, inFlight, ...settled } = counts
  return {
    effects: Object.fromEntries(Object.entries(effects).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    letters: sorted(letters),
    commits: Object.fromEntries([...recorder.commits].toSorted(([a], [b]) => a - b)),
    counts: { ...settled, inFlight },
    stuck: stuckAfterMs !== undefined || paused,
  }
}

function withoutMoments(fields: Fields): Fields {
  const { headers } = fields
  if (typeof headers !== 'object' || headers === null) return fields
  const kept = Object.entries(headers).filter(([name]) => !ofTheRun(name))
  return { ...fields, headers: Object.fromEntries(kept) }
}

const distinct = (list: readonly Fields[], one: Fields): Fields[] =>
  list.some((other) => JSON.stringify(other) === JSON.stringify(one)) ? [...list] : [...list, one]

export function sorted(list: readonly Fields[]): Fields[] {
  const texts = new Map(list.map((one) => [one, JSON.stringify(one)]))
  return list.toSorted((a, b) => ((texts.get(a) ?? '') < (texts.get(b) ?? '') ? -1 : 1))
}
