// `sluice work`, which only `up` starts: one worker as a process of its own. It reports once a second, and drains when told to or when its supervisor is gone.
import { noCounts } from '../../runtime/counts.ts'
import type { Worker } from '../../runtime/worker.ts'
import { SluiceError } from '../../core/errors.ts'
import { startProbes } from '../../telemetry/probes.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { identityOf } from '../identity.ts'
import { makeWorker } from '../make-worker.ts'
import { importCode } from '../project.ts'
import { thaw } from '../frozen-plan.ts'
import { DRAIN, type Reported } from './wire.ts'

export interface WorkOptions {
  readonly worker: string
  readonly replica: number
  readonly plan: string
  /** Address of the probes; their port is a free one. */
  readonly host: string
}

const REPORT_MS = 1_000

/** Resolves with the exit code once it has drained. */
export async function work(options: WorkOptions, composition: Composition): Promise<number> {
  const { world, log } = composition
  if (process.send === undefined)
    throw new SluiceError('SLU1001', { message: '`work` is started by `sluice up` alone' })
  const asked = drainRequest()
  const { plan, modules, hash } = thaw(options.plan)
  const pipelines = plan.workers[options.worker]?.pipelines ?? []
  const code = await importCode(plan, modules, pipelines)

  let made: Worker | undefined
  const telemetry = composition.telemetry(() => made?.counts ?? noCounts(), {
    complete: false,
    standings: () => made?.standings() ?? [],
  })
  const factories = composition.drivers(false)
  const worker = makeWorker(
    { plan, pipelines, code, factories, telemetry, patient: true },
    composition,
  )
  made = worker
  const probes = await startProbes({
    host: options.host,
    port: 0,
    checks: () => worker.checks(),
    live: () => true,
    metricsText: telemetry.metricsText,
    clock: world.clock,
    log,
  })
  const { worker: name, replica } = options
  worker.announce(identityOf({ worker: name, replica, plan: hash, probes: probes.port }))
  const reports = startReports(worker, probes.port, composition)
  try {
    const started = worker.start().then(() => true)
    if (!(await Promise.race([started, asked.then(() => false)]))) return EXIT.ok
    log.info({ pipelines, probes: probes.port }, 'The worker runs.')
    await asked
    return EXIT.ok
  } finally {
    await worker.stop()
    reports.stop()
    await telemetry.close()
    await probes.close()
  }
}

/** Signals mean the same as being told: only the supervisor forces, by SIGKILL. */
function drainRequest(): Promise<void> {
  // Whoever reads what is written here may be gone already.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (message === DRAIN) resolve()
    })
    process.on('disconnect', resolve)
    process.on('SIGTERM', () => resolve())
    process.on('SIGINT', () => resolve())
    process.on('SIGHUP', () => {})
  })
}

function startReports(worker: Worker, probes: number, { world: { clock } }: Composition) {
  let stopped = false
  const tell = () => {
    if (stopped) return
    const report = { checks: worker.checks(), counts: worker.counts, probes }
    const message: Reported = { kind: 'report', report }
    // A channel that is closed by now has told so by itself.
    if (process.connected) process.send?.(message, undefined, undefined, () => {})
    clock.after(REPORT_MS, tell)
  }
  tell()
  return {
    stop() {
      stopped = true
    },
  }
}
