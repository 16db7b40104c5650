// Histories of a few happenings, for tests that look at one verdict closely: two messages of one key, 2 is another one's.
import type {
  Arrival,
  Happening,
  History,
  Outcome,
  Promised,
} from '../../workers/oracle/history.ts'
import { judge } from '../../workers/oracle/judge.ts'
import type { Invariant } from '../../workers/oracle/verdict.ts'

export const PROMISED: Promised = {
  order: 'key',
  concurrency: 2,
  window: 4,
  exclusive: true,
  drainWithinMs: 1_000,
  once: false,
  behind: new Map(),
}

export const arrival = (offset: number, key: string | null = 'a', partition = 0): Arrival => ({
  partition,
  offset,
  key,
})
/** Steps that the message must have effects of, each with its body. */
export const does = (...steps: string[]): Outcome => ({
  effects: steps.map((step) => ({ step, body: `of ${step}` })),
  letter: undefined,
})
export const fails = (letter: string): Outcome => ({ effects: [], letter })

const by = (process: string) => ({ process })
export const began = (message: number | undefined, step = 'alert', process = 'w1'): Happening => ({
  kind: 'began',
  ...by(process),
  step,
  message,
})
export const effect = (
  message: number | undefined,
  more: { step?: string; item?: string; body?: string; guarded?: true } = {},
): Happening => {
  const { step = 'alert', body = `of ${step}` } = more
  return { kind: 'effect', ...by('w1'), step, message, ...more, body }
}
export const letter = (message: number | undefined, code = 'SLU5001'): Happening => ({
  kind: 'letter',
  ...by('w1'),
  message,
  code,
})
export const marked = (message: number | undefined, claim?: string): Happening => ({
  kind: 'marked',
  ...by('w1'),
  message,
  ...(claim === undefined ? {} : { claim }),
})
export const parked = (message: number | undefined): Happening => ({
  kind: 'parked',
  ...by('w1'),
  message,
})
export const returned = (
  message: number | undefined,
  partition: number,
  offset = 0,
): Happening => ({
  kind: 'returned',
  ...by('w1'),
  message,
  partition,
  offset,
})
export const committed = (
  next: number,
  finished: readonly (readonly [number, number])[] = [],
  partition = 0,
): Happening => ({ kind: 'committed', ...by('w1'), partition, next, finished })
export const granted = (partitions: readonly number[], process = 'w1'): Happening => ({
  kind: 'granted',
  ...by(process),
  partitions,
})
export const gone = (drained: boolean, partitions: readonly number[] = [0]): Happening => ({
  kind: 'gone',
  ...by('w1'),
  partitions,
  drained,
})
export const killed = (process = 'w1'): Happening => ({ kind: 'killed', ...by(process) })
export const doubted: Happening = { kind: 'doubted', ...by('w1') }
export const stopping: Happening = { kind: 'stopping', ...by('w1') }
export const stopped = (tookMs: number): Happening => ({ kind: 'stopped', ...by('w1'), tookMs })
export const counted = (
  counts: Partial<(Happening & { kind: 'counted' })['counts']>,
): Happening => ({
  kind: 'counted',
  ...by('w1'),
  counts: {
    accepted: 0,
    acked: 0,
    filtered: 0,
    deadLettered: 0,
    duplicates: 0,
    parked: 0,
    inFlight: 0,
    retried: 0,
    released: 0,
    ...counts,
  },
})

export const small = (happenings: readonly Happening[], more: Partial<History> = {}): History => ({
  arrivals: [arrival(0), arrival(1), arrival(2, 'b')],
  outcomes: [does('alert'), does('alert'), does('alert')],
  happenings,
  repeats: new Map(),
  claims: new Map(),
  fresh: [],
  hostile: [],
  ends: new Map(),
  rested: true,
  ...more,
})

/** How often one invariant was looked at, and each violation with its place in the history. */
export function verdictOf(
  name: Invariant,
  history: History,
  promised: Partial<Promised> = {},
): { readonly checked: number; readonly said: string[] } {
  const { checked, violations } = judge(history, { ...PROMISED, ...promised })[name]
  const said = violations.map(
    ({ invariant, what, at }) =>
      `${invariant === name ? '' : `${invariant} `}${at ?? 'end'}: ${what}`,
  )
  return { checked, said }
}

export const said = (...made: Parameters<typeof verdictOf>): string[] => verdictOf(...made).said
