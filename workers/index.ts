// What other services import: the fleet's commands, topics, requests, jobs, stores and caches, typed from its schemas and fleet.yaml.
import { compileFleet } from './compile/compile.ts'
import { renderDiagnostics } from './compile/render.ts'
import { checkerOf } from './compile/schemas.ts'
import { resolveSetting } from './compile/settings.ts'
import { createClient } from './client/client.ts'
import { createHealth, type HealthClient } from './client/health.ts'
import type { FleetClient, FleetShape } from './client/shape.ts'
import { openMonitor } from './cli/infrastructure/open.ts'
import { findProject } from './cli/project.ts'
import { createComposition } from './composition.ts'
import { SluiceError } from './core/errors.ts'
import type { Fleet as ThisFleet } from './generated/fleet.ts'
import { noCounts } from './runtime/counts.ts'

export type * from './client/shape.ts'
export type { HealthClient } from './client/health.ts'
export type { ComponentHealth, OverallHealth } from './ops/health/health.ts'
export { permanent, retryAfter, type Handler, type HandlerContext } from './core/handler.ts'
export { SluiceError } from './core/errors.ts'

export interface OpenTerms {
  /** The folder that holds pipelines/fleet.yaml; the nearest one above the current folder unless said. */
  readonly project?: string
  /** The variables that fleet.yaml reads; those of the process unless said. */
  readonly env?: NodeJS.ProcessEnv
  /** Embedded brokers of this client alone, for tests. */
  readonly embedded?: boolean
}

/**
 * Connects to nothing yet: each connection is made when it is first used. Throws SLU1003 where there is no project, and SLU1252
 * for one with mistakes. Spans go where the standard `OTEL_*` variables say.
 */
export function openFleet<Fleet extends FleetShape = ThisFleet>(
  terms: OpenTerms = {},
): FleetClient<Fleet> & { readonly health: HealthClient } {
  const env = terms.env ?? process.env
  const composition = createComposition(env)
  const { world, log } = composition
  const root = findProject(terms.project)
  const { plan, diagnostics } = compileFleet(root)
  if (plan === undefined)
    throw new SluiceError('SLU1252', {
      message: renderDiagnostics(diagnostics, root, { color: false }),
    })
  const telemetry = composition.telemetry(noCounts, { complete: false })
  const factories = composition.drivers(terms.embedded ?? false)
  const health = createHealth(() => openMonitor(plan, factories, composition))
  const client = createClient<Fleet>({
    plan,
    prefix: resolveSetting(plan.prefix, env),
    factories,
    checkOf: checkerOf(plan),
    world,
    log,
    tracer: telemetry.tracer,
  })
  return {
    ...client,
    health,
    async close() {
      await Promise.all([client.close(), health.close()])
      await telemetry.close()
    },
  }
}
