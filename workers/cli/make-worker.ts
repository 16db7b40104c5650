// A worker from what was compiled and loaded; it connects when it is started.
import { checkerOf } from '../compile/schemas.ts'
import { resolveSetting } from '../compile/settings.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { Meter, Tracer } from '../core/telemetry.ts'
import type { DriverFactories } from '../runtime/connections.ts'
import { Worker, type WorkerOptions } from '../runtime/worker.ts'
import type { Composition } from './composition.ts'
import type { LoadedCode } from './project.ts'

export interface WorkerParts {
  readonly plan: FleetPlan
  readonly pipelines: readonly string[]
  readonly code: LoadedCode
  readonly factories: DriverFactories
  readonly telemetry: { readonly tracer: Tracer; readonly meter: Meter }
  /** See `WorkerOptions`. */
  readonly patient?: boolean
  readonly watch?: WorkerOptions['watch']
  readonly shadow?: boolean
}

export function makeWorker(
  {
    plan,
    pipelines,
    code,
    factories,
    telemetry: { tracer, meter },
    patient = false,
    watch,
    shadow = false,
  }: WorkerParts,
  { world, env, log }: Composition,
): Worker {
  const prefix = resolveSetting(plan.prefix, env)
  log.debug({ profile: resolveSetting(plan.profile, env), prefix }, 'A worker is made.')
  return new Worker({
    ...code,
    plan,
    pipelines,
    prefix,
    factories,
    patient,
    watch,
    shadow,
    checkOf: checkerOf(plan),
    world,
    log,
    tracer,
    meter,
  })
}
