// The operations API over a real port, on embedded brokers that can be taken away; and its document as a judge of what it answers.
import { resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { onTestFinished } from 'vitest'
import { compileFleet } from '../../../workers/compile/compile.ts'
import { createComposition } from '../../../workers/composition.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import type { Check } from '../../../workers/core/telemetry.ts'
import { Access, type AccessTerms } from '../../../workers/ops/api/access.ts'
import { Api } from '../../../workers/ops/api/answer.ts'
import { PROBLEM_OF } from '../../../workers/ops/api/problem.ts'
import { SCHEMAS } from '../../../workers/ops/api/schemas.ts'
import { Monitor } from '../../../workers/ops/health/monitor.ts'
import { serveHttp } from '../../../workers/telemetry/http.ts'
import { recordedLog } from '../../support/recorded-log.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
export const TOKEN = 'a-token-of-more-than-sixteen'

export interface ApiTerms extends Partial<AccessTerms> {
  readonly host?: string
  readonly checks?: () => readonly Check[]
  readonly started?: () => boolean
  readonly change?: (plan: FleetPlan) => FleetPlan
}

/** The example fleet. */
export async function startApi(terms: ApiTerms = {}) {
  const { plan } = compileFleet(ROOT)
  if (plan === undefined) throw new Error('the example fleet has mistakes')
  const composition = createComposition({})
  const world = systemWorld
  const { inspectors, setAvailable, factories } = composition.embedded(world)
  const log = recordedLog()
  const monitor = new Monitor({
    plan: terms.change?.(plan) ?? plan,
    profile: 'development',
    prefix: '',
    factories: inspectors,
    state: undefined,
    world,
    log,
  })
  const api = new Api({
    monitor,
    access: new Access({
      token: 'token' in terms ? terms.token : TOKEN,
      openOnLoopback: terms.openOnLoopback ?? true,
    }),
    checks: terms.checks ?? (() => []),
    started: terms.started ?? (() => true),
    ownMetrics: () => Promise.resolve(''),
    alertMetrics: () => [],
    clock: world.clock,
  })
  const host = terms.host ?? '127.0.0.1'
  const served = await serveHttp({
    port: 0,
    host,
    what: 'the operations API',
    connections: 512,
    answer: (request) => api.answer(request),
    failed: (status) => PROBLEM_OF[status],
    log,
  })
  onTestFinished(async () => {
    await served.close()
    await monitor.close()
  })
  const url = `http://${host}:${served.port}`
  return {
    url,
    port: served.port,
    log,
    setAvailable,
    factories,
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(url + path, { method, headers }),
  }
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addSchema({ $id: 'doc', components: { schemas: SCHEMAS } })

/** What is wrong with a value, by a schema of the document; empty when it fits. */
export function misfits(name: string, value: unknown): string {
  const validate = ajv.getSchema(`doc#/components/schemas/${name}`)
  if (validate === undefined) throw new Error(`there is no schema ${name}`)
  return validate(value) ? '' : ajv.errorsText(validate.errors)
}
