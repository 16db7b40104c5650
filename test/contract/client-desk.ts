// What the tests of the typed client work with: a fleet under a prefix of its own, a worker that runs its pipelines, and clients; put away after each test.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { createClient } from '../../workers/client/client.ts'
import type { FleetClient, ReadEvent } from '../../workers/client/shape.ts'
import { makeWorker } from '../../workers/cli/make-worker.ts'
import { loadCode } from '../../workers/cli/project.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { createComposition } from '../../workers/composition.ts'
import type { FleetPlan } from '../../workers/core/plan.ts'
import type { DriverFactories } from '../../workers/runtime/connections.ts'
import { noCounts } from '../../workers/runtime/counts.ts'
import type { Worker } from '../../workers/runtime/worker.ts'
import type { Fleet } from './client-fleet/workers/generated/fleet.ts'

export const PROJECT = join(import.meta.dirname, 'client-fleet')
export const compiled = compileFleet(PROJECT)
export const plan = compiled.plan as FleetPlan

/** Within a describe. `kind`: embedded, or real. */
export function clientDesk(kind: string) {
  let prefix: string
  let factories: DriverFactories
  let worker: Worker
  let fleet: FleetClient<Fleet>
  const clients: FleetClient<Fleet>[] = []
  const env = () => ({ ...process.env, SLUICE_PREFIX: prefix, SLUICE_LOG_LEVEL: 'error' })

  const opened = () => {
    const composition = createComposition(env())
    const { world, log } = composition
    const client = createClient<Fleet>({
      plan,
      prefix,
      factories,
      checkOf: checkerOf(plan),
      world,
      log,
      tracer: composition.telemetry(noCounts, { complete: false }).tracer,
    })
    clients.push(client)
    return client
  }

  beforeEach(async () => {
    prefix = `client-${randomUUID().slice(0, 8)}.`
    const composition = createComposition(env())
    factories = composition.drivers(kind === 'embedded')
    const pipelines = Object.keys(plan.pipelines)
    worker = makeWorker(
      {
        plan,
        pipelines,
        code: await loadCode({ ...compiled, plan }, pipelines),
        factories,
        telemetry: composition.telemetry(noCounts, { complete: false }),
      },
      composition,
    )
    await worker.start()
    fleet = opened()
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()))
    await worker.stop()
  })

  /** The next notes that pipelines made of what arrived. */
  async function notes(count: number) {
    const seen: ReadEvent<Fleet['topics']['notes']>[] = []
    for await (const note of fleet.topic('notes').events({ group: 'reader' })) {
      seen.push(note)
      if (seen.length === count) break
    }
    return seen.map(({ data }) => data)
  }

  /** Of the test that runs. */
  const now = () => ({ prefix, factories, fleet })
  return { now, opened, notes, env }
}
