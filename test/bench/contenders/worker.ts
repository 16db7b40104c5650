// A worker put together as `sluice run` does it, with the counters in reach.
import { createComposition } from '../../../workers/composition.ts'
import { checkerOf } from '../../../workers/compile/schemas.ts'
import { compileProject, loadCode } from '../../../workers/cli/project.ts'
import { silentLog } from '../../../workers/core/log.ts'
import { Worker } from '../../../workers/runtime/worker.ts'

export interface FleetWorkerOptions {
  readonly root: string
  readonly pipeline: string
  readonly prefix: string
  readonly embedded: boolean
}

export async function startFleetWorker(options: FleetWorkerOptions) {
  const composition = createComposition({ ...process.env, SLUICE_LOG_LEVEL: 'warn' })
  const compiled = await compileProject(options.root, process.stderr, silentLog)
  if (compiled === undefined) throw new Error('the fleet of the bench does not compile')
  const { plan } = compiled
  const pipelines = [options.pipeline]
  const { world, log } = composition
  const telemetry = composition.telemetry(() => worker.counts, { complete: false })
  const factories = composition.drivers(options.embedded)
  const worker: Worker = new Worker({
    ...(await loadCode(compiled, pipelines)),
    plan,
    pipelines,
    prefix: options.prefix,
    factories,
    checkOf: checkerOf(plan),
    world,
    log,
    tracer: telemetry.tracer,
    meter: telemetry.meter,
  })
  return { worker, plan, factories, world, log }
}
