// Workers as child processes: each in a process group of its own, so that Ctrl-C reaches the supervisor alone, and with a channel whose end tells them that it is gone.
import { fork, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { WORKER_OPTIONS } from '../../../bin/node-options.js'
import type { Clock } from '../../core/clock.ts'
import type { FleetPlan } from '../../core/plan.ts'
import type { Ending, Version, WorkerProcess, WorkerReport } from '../../runtime/fleet/process.ts'
import type { FrozenFile } from '../frozen-plan.ts'
import { DRAIN, type Reported } from './wire.ts'

/** Beyond the deadline of the fleet: what it takes to leave groups and to disconnect. */
const LEAVING_MS = 10_000

/** A process that is gone may have left its stdout to another one that lives on: it is not waited for longer than this. */
const LAST_WORDS_MS = 1_000

export interface ProcessParts {
  readonly clock: Clock
  /** Of the probes of each worker. */
  readonly host: string
  /** Hears each line that a worker writes, to stdout or stderr. */
  readonly onLine: (name: string, line: string) => void
}

/** The chosen workers of a frozen plan, ready to be started any number of times. */
export function versionOf(
  { hash, file, plan }: FrozenFile,
  names: readonly string[],
  parts: ProcessParts,
): Version {
  return {
    hash,
    graceMs: plan.drainWithinMs + LEAVING_MS,
    workers: names.map((name) => ({ name, replicas: replicasOf(plan, name) })),
    start(worker, replica) {
      const place = ['--replica', String(replica), '--host', parts.host]
      const args = ['--project', plan.root, 'work', worker, '--plan', file, ...place]
      const child = fork(process.argv[1] as string, args, {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        execArgv: nodeOptions(),
      })
      const hear = (line: string) => parts.onLine(`${worker}/${replica}`, line)
      // One that could not be started has none.
      for (const input of [child.stdout, child.stderr])
        if (input instanceof Readable)
          createInterface({ input, crlfDelay: Infinity }).on('line', hear)
      return new Child(child, hear, parts.clock)
    },
  }
}

const replicasOf = (plan: FleetPlan, name: string) => plan.workers[name]?.replicas ?? 0

/** As `bin/sluice.js` runs workers, unless somebody chose for themselves. */
function nodeOptions(): string[] {
  const chosen = /semi-space/.test(process.execArgv.join() + (process.env['NODE_OPTIONS'] ?? ''))
  return chosen ? process.execArgv : [...WORKER_OPTIONS, ...process.execArgv]
}

class Child implements WorkerProcess {
  readonly pid: number | undefined
  readonly ended: Promise<Ending>
  private readonly child: ChildProcess

  constructor(child: ChildProcess, onLine: (line: string) => void, clock: Clock) {
    this.child = child
    this.pid = child.pid
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal }))
      child.on('exit', (code, signal) => {
        clock.after(LAST_WORDS_MS, () => resolve({ code, signal }), { keepAlive: true })
      })
      child.on('error', (error) => {
        onLine(error.message)
        if (child.pid === undefined) resolve({ code: null, signal: null })
      })
    })
  }

  onReport(listener: (report: WorkerReport) => void): void {
    this.child.on('message', (message) => {
      const { kind, report } = message as Reported
      if (kind === 'report') listener(report)
    })
  }

  drain(): void {
    // What it cannot be told any more it knows by the end of the channel.
    if (this.child.connected) this.child.send(DRAIN, () => {})
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }
}
