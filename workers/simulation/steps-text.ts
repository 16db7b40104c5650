// A history as people read it: what happened and what was done to the fleet, line by line, in the order of time.
import { effectText, type Arrival, type Happening } from '../oracle/history.ts'
import type { Violation } from '../oracle/verdict.ts'
import type { Chronicle } from './chronicle.ts'

/** `marks`: where promises broke. */
export function stepsText(
  { happenings, moments, blows, arrivals }: Chronicle,
  marks: readonly Violation[],
): string {
  const lines: string[] = []
  let blow = 0
  for (let at = 0; at <= happenings.length; at++) {
    for (; (blows[blow]?.before ?? Infinity) <= at; blow++) {
      const { atMs, what } = blows[blow] as (typeof blows)[number]
      lines.push(line(atMs, '⚡', what))
    }
    const happening = happenings[at]
    if (happening === undefined) break
    const broken = marks.filter((mark) => mark.at === at)
    // Counts are many and say little, unless they are what is wrong.
    if (happening.kind !== 'counted' || broken.length > 0)
      lines.push(line(moments[at] ?? 0, happening.process, words(happening, arrivals)))
    for (const { invariant, what } of broken)
      lines.push(line(moments[at] ?? 0, '✗', `${invariant}: ${what}`))
  }
  for (const { invariant, what } of marks.filter((mark) => mark.at === undefined))
    lines.push(line(moments.at(-1) ?? 0, '✗', `${invariant}: ${what}`))
  return lines.map((text) => `${text}\n`).join('')
}

const line = (ms: number, who: string, what: string) =>
  `${(ms / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(4)} ${what}`

function words(happening: Happening, arrivals: readonly Arrival[]): string {
  const message = 'message' in happening ? messageText(happening.message, arrivals) : ''
  switch (happening.kind) {
    case 'granted':
      return `is given ${partitions(happening.partitions)}`
    case 'gone':
      return `${happening.drained ? 'gives up' : 'loses'} ${partitions(happening.partitions)}`
    case 'began':
      return `begins ${effectText(happening)} of ${message}`
    case 'effect':
      return `${effectText(happening)} of ${message} is there: ${happening.body}`
    case 'rolled':
      return `${effectText(happening)} of ${message} is there: ${happening.body}`
    case 'window': {
      const { closed, name, result, step } = happening
      const names = closed.map((row) => `${row.name} (${row.count})`).join(', ')
      return `${message} is ${result} in window ${name} of ${step}${names === '' ? '' : `, and closes ${names}`}`
    }
    case 'letter':
      return `the dead letter ${happening.code} of ${message} is there`
    case 'parked':
      return `a copy of ${message} waits for another attempt`
    case 'returned':
      return `the copy of ${message} is back, from lane ${happening.partition}`
    case 'claimed':
      return `may work on ${message}${happening.claim === undefined ? '' : `, for its key of step ${happening.claim.split(':')[0]}`}`
    case 'marked':
      return happening.claim === undefined
        ? `${message} is marked as done`
        : `the key of ${message} for step ${happening.claim.split(':')[0]} is marked as done`
    case 'committed': {
      const { partition, next, finished } = happening
      const above = finished.map(([from, to]) => `${from}–${to - 1}`).join(', ')
      return `partition ${partition} is settled up to ${next}${above === '' ? '' : `, and ${above}`}`
    }
    case 'counted':
      return `counts ${countsText(happening.counts)}`
    case 'stopping':
      return 'is told to stop'
    case 'stopped':
      return `has stopped, after ${happening.tookMs} ms`
    case 'killed':
      return 'is dead'
    case 'doubted':
      return 'does not learn that it was done'
  }
}

const partitions = (numbers: readonly number[]) =>
  numbers.length === 0 ? 'nothing' : `partitions ${numbers.join(', ')}`

function messageText(number: number | undefined, arrivals: readonly Arrival[]): string {
  const arrival = number === undefined ? undefined : arrivals[number]
  if (arrival === undefined) return 'no message'
  return `message ${number} (${arrival.partition}/${arrival.offset}${arrival.key === null ? '' : ` ${arrival.key}`})`
}

const countsText = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
