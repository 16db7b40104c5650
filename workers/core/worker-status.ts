// What a worker process says of itself in the state store, so that any machine can see the whole fleet.
import type { CacheCounts, PipelineCounts } from './telemetry.ts'

/** Who a process is; nothing of it changes while it lives. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** Its name in fleet.yaml and its replica, from 1; null of `run`, which is given pipelines instead. */
  readonly worker: string | null
  readonly replica: number | null
  /** Hash of plan, compiled modules and handlers. */
  readonly plan: string
  /** Port of its probes, if it has any. */
  readonly probes: number | null
}

export interface WorkerStatus extends ProcessIdentity {
  readonly version: 1
  /** Unique to the process. */
  readonly id: string
  readonly pipelines: readonly string[]
  readonly state: 'ready' | 'unready' | 'draining'
  /** Why it is not ready; empty when it is. */
  readonly problem: string
  readonly counts: Readonly<Record<string, PipelineCounts>>
  /** Absent of processes that are older than this field. */
  readonly caches?: Readonly<Record<string, Pick<CacheCounts, 'hits' | 'misses'>>>
  /** By its own clock, RFC 3339. */
  readonly startedAt: string
  readonly at: string
}

/** In the state store, one text a process. */
export const workersFolder = (prefix: string, fleet: string): string => `${prefix}${fleet}:workers`

/** Undefined for what this version did not write. */
export function statusOf(text: string): WorkerStatus | undefined {
  try {
    const status = JSON.parse(text) as Partial<WorkerStatus> | null
    return status?.version === 1 ? (status as WorkerStatus) : undefined
  } catch {
    return undefined
  }
}
