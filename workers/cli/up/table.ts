// The fleet as a table for people: one line a process, with what it does now.
import { styleText } from 'node:util'
import type { Clock } from '../../core/clock.ts'
import { settledOf } from '../../runtime/counts.ts'
import type { Fleet } from '../../runtime/fleet/fleet.ts'
import type { Seat, SeatState } from '../../runtime/fleet/seat.ts'
import { aligned, duration } from '../columns.ts'
import { number } from '../summary.ts'

export interface TableHead {
  readonly fleet: string
  readonly probes: string
}

const COLOURS: Readonly<Record<SeatState, 'green' | 'yellow' | 'red' | 'dim'>> = {
  ready: 'green',
  starting: 'yellow',
  unready: 'yellow',
  draining: 'yellow',
  waiting: 'red',
  refused: 'red',
  stopped: 'dim',
}

const COLUMNS = ['worker', 'pid', 'state', 'for', 'msg/s', 'in flight', 'settled', 'dead', 'again']

/** Remembers what each process had settled when it was asked last, to tell how fast it is. */
export class FleetTable {
  private readonly fleet: Fleet
  private readonly head: TableHead
  private readonly clock: Clock
  private readonly colour: boolean
  private before = new Map<number, { settled: number; at: number; rate: number }>()

  constructor(fleet: Fleet, head: TableHead, clock: Clock, colour: boolean) {
    this.fleet = fleet
    this.head = head
    this.clock = clock
    this.colour = colour
  }

  lines(): string[] {
    const { seats } = this.fleet
    const ready = seats.filter(({ state }) => state === 'ready').length
    const { fleet, probes } = this.head
    const plans = new Set(seats.flatMap(({ running }) => running?.version.hash ?? []))
    const title = `${fleet} · plan ${[...plans].join(', ')} · ${ready} of ${seats.length} ready · http://${probes}/readyz`
    const rows = seats.map((seat) => this.row(seat))
    const [head = [], ...lines] = aligned([COLUMNS, ...rows.map(({ cells }) => cells)], 4)
    return [
      '',
      this.paint('bold', title),
      this.paint('dim', head.join('  ')),
      ...rows.map(({ state, note }, n) => {
        const parts = [...(lines[n] ?? [])]
        parts[2] = this.paint(COLOURS[state], parts[2] ?? '')
        return `${parts.join('  ')}${note === '' ? '' : `  ${this.paint('dim', note)}`}`
      }),
    ]
  }

  private row(seat: Seat) {
    const { running, state, name, restarted } = seat
    const counts = Object.values(running?.report?.counts.pipelines ?? {})
    const sum = (of: (c: (typeof counts)[number]) => number) =>
      counts.reduce((a, c) => a + of(c), 0)
    const settled = sum(settledOf)
    const rate = running?.process.pid === undefined ? 0 : this.rate(running.process.pid, settled)
    const now = this.clock.monotonic()
    const cells = [
      name,
      String(running?.process.pid ?? '–'),
      seat.looping ? 'keeps ending' : state,
      running === undefined ? '–' : duration(now - running.since),
      number(rate),
      number(sum((c) => c.inFlight)),
      number(settled),
      number(sum((c) => c.deadLettered)),
      number(restarted),
    ]
    return { cells, state, note: noteOf(seat) }
  }

  private rate(pid: number, settled: number): number {
    const at = this.clock.monotonic()
    const before = this.before.get(pid)
    // Reports come once a second: asked more often, the difference would be nothing or twice as much.
    if (before !== undefined && at - before.at < 2_000) return before.rate
    const rate =
      before === undefined ? 0 : Math.round(((settled - before.settled) * 1_000) / (at - before.at))
    this.before.set(pid, { settled, at, rate })
    return rate
  }

  private paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.colour ? styleText(style, text, { validateStream: false }) : text
  }
}

function noteOf({ state, restartsIn, running }: Seat): string {
  if (state === 'waiting') return `started again in ${duration(restartsIn ?? 0)}`
  if (state === 'refused') return 'its configuration is wrong, see above'
  return state === 'unready' || state === 'starting' ? (running?.problem ?? '') : ''
}
