// One process for as long as it lives: what it last said, whether it is ready, and that it is not left alone when it says nothing more.
import type { Clock, Timer } from '../../core/clock.ts'
import type { Ending, Version, WorkerProcess, WorkerReport } from './process.ts'

/** A process reports every second; one that is silent for this long has an event loop that stands still, milliseconds. */
export const SILENT_MS = 60_000

export interface Listener {
  /** It became ready, or is so no more. */
  changed(occupant: Occupant): void
  stuck(occupant: Occupant): void
}

export class Occupant {
  readonly version: Version
  readonly process: WorkerProcess
  readonly since: number
  /** Told to drain: what it says of itself from now on is no news. */
  leaving = false
  report: WorkerReport | undefined
  ready = false
  wasReady = false
  private readonly clock: Clock
  private readonly listener: Listener
  private watchdog: Timer
  private wakeReady: () => void = () => {}
  private readonly firstReady = new Promise<'ready'>((resolve) => {
    this.wakeReady = () => resolve('ready')
  })

  constructor(version: Version, process: WorkerProcess, clock: Clock, listener: Listener) {
    this.version = version
    this.process = process
    this.clock = clock
    this.listener = listener
    this.since = clock.monotonic()
    this.watchdog = this.watch()
    process.onReport((report) => this.heard(report))
    void process.ended.then(() => this.watchdog.cancel())
  }

  /** Resolves with the first of: it is ready, it ended, `withinMs` passed. */
  async becomes(withinMs: number): Promise<'ready' | 'late' | Ending> {
    const waiting = new AbortController()
    const late = this.clock.sleep(withinMs, waiting.signal).then(() => 'late' as const)
    try {
      return await Promise.race([this.process.ended, this.firstReady, late])
    } finally {
      waiting.abort()
    }
  }

  /** Why it is not ready, in the words of its own checks. */
  get problem(): string {
    if (this.report === undefined) return 'starting'
    const failing = this.report.checks.filter(({ status }) => status === 'fail')
    return failing.map(({ name, detail }) => `${name}: ${detail}`).join('; ')
  }

  private heard(report: WorkerReport): void {
    this.watchdog.cancel()
    this.watchdog = this.watch()
    this.report = report
    const ready = report.checks.every(({ status }) => status === 'pass')
    if (ready === this.ready) return
    this.ready = ready
    if (!this.leaving) this.listener.changed(this)
    if (!ready) return
    this.wasReady = true
    this.wakeReady()
  }

  private watch(): Timer {
    return this.clock.after(SILENT_MS, () => {
      this.listener.stuck(this)
      this.process.kill()
    })
  }
}
