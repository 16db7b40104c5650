// Who this process is, for the list of workers in the state store.
import { hostname } from 'node:os'
import type { ProcessIdentity } from '../core/worker-status.ts'

export const identityOf = (of: {
  readonly worker?: string
  readonly replica?: number
  readonly plan: string
  readonly probes: number | undefined
}): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  worker: of.worker ?? null,
  replica: of.replica ?? null,
  plan: of.plan,
  probes: of.probes ?? null,
})
