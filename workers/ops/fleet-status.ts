// The processes of a fleet as they say themselves in the state store, beside what fleet.yaml wants; reads and changes nothing.
import type { StateDriver } from '../core/contract.ts'
import type { FleetPlan } from '../core/plan.ts'
import { statusOf, workersFolder, type WorkerStatus } from '../core/worker-status.ts'

export interface FleetStatus {
  readonly version: 1
  readonly fleet: string
  /** Processes that `workers` of fleet.yaml asks for, by name. */
  readonly declared: Readonly<Record<string, number>>
  /** By worker and replica; those of `run` come last. */
  readonly workers: readonly WorkerStatus[]
}

export async function readFleet(
  { fleet, workers }: FleetPlan,
  prefix: string,
  state: StateDriver,
): Promise<FleetStatus> {
  const texts = await state.list(workersFolder(prefix, fleet))
  return {
    version: 1,
    fleet,
    declared: Object.fromEntries(
      Object.entries(workers).map(([name, { replicas }]) => [name, replicas]),
    ),
    workers: [...texts.values()].flatMap((text) => statusOf(text) ?? []).toSorted(byPlace),
  }
}

function byPlace(a: WorkerStatus, b: WorkerStatus): number {
  const key = ({ worker, replica, host, pid }: WorkerStatus) =>
    [worker ?? '\uffff', String(replica ?? 0).padStart(5, '0'), host, String(pid)].join('\0')
  return key(a) < key(b) ? -1 : 1
}
