// The port between supervision and the processes of an operating system; supervision never sees more of a process than this.
import type { Check, Counts } from '../../core/telemetry.ts'

/** How a process ended: by itself with a code, or by a signal. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
}

/** What a worker says of itself, about once a second while its event loop turns. */
export interface WorkerReport {
  readonly checks: readonly Check[]
  readonly counts: Counts
  /** Port of its own probes. */
  readonly probes: number
}

export interface WorkerProcess {
  /** Undefined when it could not be started; `ended` says so at once. */
  readonly pid: number | undefined
  /** Resolves when the process is gone. Never rejects. */
  readonly ended: Promise<Ending>
  /** One listener; called for each report from now on. */
  onReport(listener: (report: WorkerReport) => void): void
  /** Asks it to take nothing new, finish what is at work and end. Does nothing once it is gone. */
  drain(): void
  /** Ends it at once: what was at work is delivered again. */
  kill(): void
}

/** One state of the configuration, frozen: whoever starts later from it starts the same. */
export interface Version {
  /** Of plan, compiled modules and handlers. */
  readonly hash: string
  /** What its processes may take to drain, the fleet's deadline and what it takes to disconnect. */
  readonly graceMs: number
  readonly workers: readonly { readonly name: string; readonly replicas: number }[]
  start(worker: string, replica: number): WorkerProcess
}
