// The processes of a fleet as a table for people; nothing that a process says of itself can steer the terminal.
import { styleText } from 'node:util'
import { printable } from '../../compile/render.ts'
import { timeOf } from '../../core/clock.ts'
import type { WorkerStatus } from '../../core/worker-status.ts'
import type { FleetStatus } from '../../ops/fleet-status.ts'
import { settledOf } from '../../runtime/counts.ts'
import { aligned, duration } from '../columns.ts'
import { number, ratio } from '../summary.ts'

const COLUMNS = ['worker', 'host', 'pid', 'state', 'for', 'plan', 'msg/s', 'in flight', 'settled']
const LEFT = 6
const COLOURS = { ready: 'green', unready: 'red', draining: 'yellow' } as const

/** Remembers what each process had settled before, to tell how fast it is. */
export class FleetLines {
  private readonly colour: boolean
  private readonly now: () => number
  private before = new Map<
    string,
    { readonly settled: number; readonly at: string; rate: number }
  >()

  constructor(colour: boolean, now: () => number) {
    this.colour = colour
    this.now = now
  }

  of({ fleet, declared, workers }: FleetStatus): string[] {
    const wanted = Object.values(declared).reduce((sum, replicas) => sum + replicas, 0)
    const ready = workers.filter(({ state }) => state === 'ready').length
    const title = `${printable(fleet)} · ${workers.length} running, ${ready} ready, ${wanted} declared`
    const rows = workers.map((worker) => this.cells(worker))
    const [head = [], ...lines] = aligned([[...COLUMNS, 'dead'], ...rows], LEFT)
    return [
      this.paint('bold', title),
      ...(workers.length === 0 ? [] : [this.paint('dim', head.join('  '))]),
      ...workers.map((worker, n) => {
        const parts = [...(lines[n] ?? [])]
        parts[3] = this.paint(COLOURS[worker.state], parts[3] ?? '')
        const note = worker.state === 'ready' ? '' : `  ${printable(worker.problem)}`
        return `${parts.join('  ')}${this.paint('dim', note)}`
      }),
      ...cacheLines(workers).map((text) => this.paint('dim', text)),
      ...missing(declared, workers).map((text) => this.paint('yellow', text)),
    ]
  }

  private cells(worker: WorkerStatus): string[] {
    const { host, pid, state, plan, startedAt, counts } = worker
    const sum = (of: (c: (typeof counts)[string]) => number) =>
      Object.values(counts).reduce((total, c) => total + of(c), 0)
    const settled = sum(settledOf)
    return [
      printable(nameOf(worker)),
      printable(host),
      String(pid),
      state,
      duration(this.now() - timeOf(startedAt)),
      printable(plan),
      number(this.rate(worker, settled)),
      number(sum((c) => c.inFlight)),
      number(settled),
      number(sum((c) => c.deadLettered)),
    ]
  }

  /** By the clock of the process: from one of its reports to the next. */
  private rate({ id, at }: WorkerStatus, settled: number): number {
    const before = this.before.get(id)
    if (before?.at === at) return before.rate
    const elapsed = before === undefined ? 0 : timeOf(at) - timeOf(before.at)
    const rate = elapsed <= 0 ? 0 : ((settled - (before?.settled ?? 0)) * 1_000) / elapsed
    this.before.set(id, { settled, at, rate: Math.round(rate) })
    return Math.round(rate)
  }

  private paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.colour && text !== '' ? styleText(style, text, { validateStream: false }) : text
  }
}

const nameOf = ({ worker, replica, pipelines }: WorkerStatus): string =>
  worker === null ? `run ${pipelines.join(' ')}` : `${worker}/${replica}`

/** How often each cache had the answer, of all processes together since each of them began. */
function cacheLines(workers: FleetStatus['workers']): string[] {
  const sums = new Map<string, { hits: number; misses: number }>()
  for (const { caches = {} } of workers)
    for (const [name, { hits, misses }] of Object.entries(caches)) {
      const sum = sums.get(name) ?? { hits: 0, misses: 0 }
      sums.set(name, { hits: sum.hits + hits, misses: sum.misses + misses })
    }
  if (sums.size === 0) return []
  const texts = [...sums].map(
    ([name, { hits, misses }]) => `${printable(name)} ${ratio(hits, misses)}`,
  )
  return [`cache hits: ${texts.toSorted().join(' · ')}`]
}

function missing(declared: FleetStatus['declared'], workers: FleetStatus['workers']): string[] {
  return Object.entries(declared).flatMap(([name, replicas]) => {
    const running = workers.filter(({ worker }) => worker === name).length
    return running >= replicas ? [] : [`${name}: ${running} of ${replicas} run`]
  })
}
