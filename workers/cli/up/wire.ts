// What a supervisor and its workers say to each other over the channel that Node opens between them; both are of one installation.
import type { WorkerReport } from '../../runtime/fleet/process.ts'

/** Worker to supervisor. */
export interface Reported {
  readonly kind: 'report'
  readonly report: WorkerReport
}

/** Supervisor to worker. A closed channel means the same: who asked for the work is gone. */
export const DRAIN = 'drain'
