// Simulation of pipelines that keep records: repeats on any partition, crashes between effects and marks, a state store that goes away.
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import type { Handler } from '../../workers/core/handler.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import { INVARIANTS } from '../../workers/oracle/verdict.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { FAULTS, type FaultKind } from '../../workers/simulation/fault-plan.ts'
import { simulate } from '../../workers/simulation/simulate.ts'
import { FILES, inProject } from '../testing/project.ts'

const HANDLERS: Record<string, Handler<unknown, unknown>> = {
  quote: (order) => ({ total: ((order as { sku: string }).sku.length * 37) % 200 }),
  charge: () => ({}),
}

const FLEET = `${FILES['pipelines/fleet.yaml']}state: { in: hot }
stores:
  totals: { in: hot, as: hash, ttl: 1h, schema: events/bill }
`
/** `more`: beside the order; `first`: a step before the others. */
const billing = (more: string, first = '') => ({
  'pipelines/fleet.yaml': FLEET,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '')
    .replace('order: key', `${more}concurrency: 16`)
    .replace('steps:\n', `steps:\n${first}`)
    .replace(
      '  - id: settle\n',
      `  - id: remember
    store: { in: totals, key: event.data.id, value: '{ total: price.total }' }
  - id: settle
`,
    ),
})

const run = (
  files: Readonly<Record<string, string>>,
  seeds: number,
  faults: readonly FaultKind[] = FAULTS,
) =>
  inProject(files, async (root) => {
    const compiled = compileFleet(root)
    expect(compiled.diagnostics).toEqual([])
    const plan = compiled.plan as FleetPlan
    const [built = ''] = Object.values(buildModules({ ...compiled, plan }, ['billing']))
    const module = (await import(pathToFileURL(built).href)) as PipelineModule
    return simulate({
      code: { plan, modules: { billing: module }, handlers: HANDLERS, checkOf: checkerOf(plan) },
      pipeline: plan.pipelines['billing'] as PipelinePlan,
      makeBrokers: createComposition({}).embedded,
      seeds: Array.from({ length: seeds }, (_, index) => index + 1),
      messages: 100,
      faults: new Set(faults),
      onSeed: () => {},
    })
  })

describe('a pipeline with once', () => {
  const ONCE = billing('once: { window: 1h }\norder: none\n')

  test('keeps every invariant under every fault, and each was looked at', async () => {
    const { failures, invariants, faults } = await run(ONCE, 60)
    expect(failures).toEqual([])
    expect(INVARIANTS.filter((name) => invariants[name].checked === 0)).toEqual(['order'])
    expect(faults).toMatchObject({ duplicate: expect.any(Number), outage: expect.any(Number) })
  })

  test('has no effect twice where nothing fails', async () => {
    const { failures, faults } = await run(ONCE, 20, ['duplicate', 'handler'])
    expect(failures).toEqual([])
    expect(faults['duplicate']).toBeGreaterThan(30)
  })
})

describe('a pipeline with dedupe', () => {
  const fresh = `  - id: fresh
    dedupe: { key: event.data.sku.length, window: 2h }
`
  test.each([
    ['by itself', 'order: none\n'],
    ['in the order of keys', 'order: key\n'],
    ['with once', 'once: { window: 1h }\norder: none\n'],
  ])('keeps every invariant under every fault, %s', async (_how, more) => {
    const { failures, invariants } = await run(billing(more, fresh), 25)
    expect(failures).toEqual([])
    expect(invariants.duplicates.checked).toBeGreaterThan(100)
  })
})
