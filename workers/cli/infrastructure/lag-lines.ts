// What waits as tables for people; no name can steer the terminal.
import { printable } from '../../compile/render.ts'
import type { Lag } from '../../ops/lag.ts'
import { aligned } from '../columns.ts'
import { number } from '../summary.ts'
import { painter, type Paint } from './health-text.ts'

export function lagLines({ fleet, groups, queues, jobs, away }: Lag, colour: boolean): string[] {
  const paint = painter(colour)
  const behind = groups.reduce((sum, { lag }) => sum + lag, 0)
  const deep = queues.reduce((sum, { ready }) => sum + ready, 0)
  const waiting = jobs.reduce((sum, one) => sum + one.waiting, 0)
  return [
    paint(
      'bold',
      `${printable(fleet)} · ${number(behind)} events behind, ${number(deep)} messages ready, ${number(waiting)} jobs waiting`,
    ),
    ...groupLines(groups, paint),
    ...table(
      ['queue', 'ready', 'unacked', 'consumers', 'in/s', 'out/s'],
      queues.map(({ name, ready, unacknowledged, consumers, rates }) => [
        printable(name),
        number(ready),
        unacknowledged === null ? '?' : number(unacknowledged),
        number(consumers),
        ...(rates === null ? ['?', '?'] : [perSecond(rates.in), perSecond(rates.out)]),
      ]),
      1,
      paint,
    ),
    ...table(
      ['jobs', 'waiting', 'active', 'delayed', 'failed'],
      jobs.map((one) => [
        printable(one.name),
        ...[one.waiting, one.active, one.delayed, one.failed].map(number),
      ]),
      1,
      paint,
    ),
    ...away.flatMap(({ connection, message, code, next }) => [
      '',
      `${paint('red', '✗')} ${printable(connection)}  ${printable(message)}  ${paint('dim', code)}`,
      `    ${paint('dim', 'next:')} ${next}`,
    ]),
  ]
}

const perSecond = (rate: number): string => number(Math.round(rate * 10) / 10)

/** A line for the group, then one for each of its partitions. */
const groupLines = (groups: Lag['groups'], paint: Paint): string[] =>
  table(
    ['group', 'topic', 'partition', 'committed', 'end', 'lag', 'members'],
    groups.flatMap(({ name, topic, partitions, lag, members, state }) => [
      [printable(name), printable(topic), state, '', '', number(lag), number(members)],
      ...partitions.map(({ partition, committed, end, lag: left }) => [
        '',
        '',
        number(partition),
        committed === null ? '–' : number(committed),
        number(end),
        number(left),
      ]),
    ]),
    2,
    paint,
  )

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
  paint: Paint,
): string[] {
  if (rows.length === 0) return []
  const [first = [], ...lines] = aligned([head, ...rows], left)
  return ['', paint('dim', first.join('  ')), ...lines.map((cells) => cells.join('  ').trimEnd())]
}
