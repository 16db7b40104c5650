// Processes that do what a test says, and a fleet on a virtual clock that starts them.
import { systemWorld, type Clock, type Timer, type World } from '../../../workers/core/clock.ts'
import { createVirtualClock, type VirtualClock } from '../../../workers/core/virtual-clock.ts'
import type { FleetEvent } from '../../../workers/runtime/fleet/events.ts'
import { noCounts } from '../../../workers/runtime/counts.ts'
import { Fleet } from '../../../workers/runtime/fleet/fleet.ts'
import type {
  Ending,
  Version,
  WorkerProcess,
  WorkerReport,
} from '../../../workers/runtime/fleet/process.ts'

export class FakeProcess implements WorkerProcess {
  readonly name: string
  readonly version: string
  readonly pid: number
  readonly startedAt: number
  private readonly clock: Clock
  readonly ended: Promise<Ending>
  told: 'drain' | 'kill' | undefined
  /** Ends by itself when it is told to drain. */
  obedient = true
  over = false
  private timer: Timer | undefined
  private end: (ending: Ending) => void = () => {}
  private listener: (report: WorkerReport) => void = () => {}

  constructor(name: string, version: string, pid: number, clock: Clock) {
    this.name = name
    this.version = version
    this.pid = pid
    this.clock = clock
    this.startedAt = clock.monotonic()
    this.ended = new Promise((resolve) => (this.end = resolve))
  }

  onReport(listener: (report: WorkerReport) => void): void {
    this.listener = listener
  }

  drain(): void {
    this.told ??= 'drain'
    if (this.obedient) this.ends(0)
  }

  kill(): void {
    this.told = 'kill'
    this.ends(null, 'SIGKILL')
  }

  silent(): void {
    this.timer?.cancel()
  }

  ends(code: number | null, signal: string | null = null): void {
    this.silent()
    this.over = true
    this.end({ code, signal })
  }

  /** From now on once a second, until it is told to be silent. */
  says(status: 'pass' | 'fail'): void {
    this.silent()
    this.timer = this.clock.after(1_000, () => this.says(status))
    this.listener({
      checks: [{ name: 'pipeline billing', status, detail: 'as it is' }],
      counts: noCounts(),
      probes: 1,
    })
  }
}

export interface Supervised {
  readonly fleet: Fleet
  readonly clock: VirtualClock
  readonly events: FleetEvent[]
  readonly processes: FakeProcess[]
  version(hash: string, workers?: Record<string, number>): Version
  /** Those that have not ended, `billing/1 v1`. */
  alive(): string[]
  last(): FakeProcess
}

export const GRACE_MS = 35_000
export const READY_WITHIN_MS = 60_000

/** `chance` is what the random source says each time. */
export function supervised(chance = 1): Supervised {
  const clock = createVirtualClock(0)
  const world: World = { ...systemWorld, clock, random: { next: () => chance } }
  const events: FleetEvent[] = []
  const processes: FakeProcess[] = []
  return {
    clock,
    events,
    processes,
    fleet: new Fleet({
      world,
      readyWithinMs: READY_WITHIN_MS,
      onEvent: (event) => events.push(event),
    }),
    version: (hash, workers = { billing: 2 }) => ({
      hash,
      graceMs: GRACE_MS,
      workers: Object.entries(workers).map(([name, replicas]) => ({ name, replicas })),
      start(worker, replica) {
        const name = `${worker}/${replica}`
        const process = new FakeProcess(name, hash, processes.length + 100, clock)
        processes.push(process)
        return process
      },
    }),
    alive: () =>
      processes.filter(({ over }) => !over).map(({ name, version }) => `${name} ${version}`),
    last: () => processes.at(-1) as FakeProcess,
  }
}

export const kinds = (events: readonly FleetEvent[]) => events.map(({ kind }) => kind)
