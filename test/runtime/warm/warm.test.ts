// What a warm-up does of a pipeline: its cache steps and what they need, whatever stands around them; it sends nothing and takes nothing.
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { buildModules } from '../../../workers/compile/build.ts'
import { compileFleet } from '../../../workers/compile/compile.ts'
import { checkerOf } from '../../../workers/compile/schemas.ts'
import { createComposition } from '../../../workers/composition.ts'
import type { FleetPlan, PipelinePlan } from '../../../workers/core/plan.ts'
import { silentLog } from '../../../workers/core/log.ts'
import { Breakers } from '../../../workers/runtime/breakers.ts'
import { makeConnections } from '../../../workers/runtime/connections.ts'
import { noCounts, zeroCounts } from '../../../workers/runtime/counts.ts'
import type { PipelineModule } from '../../../workers/runtime/pipeline-parts.ts'
import { warmableSteps } from '../../../workers/runtime/warm/warmable.ts'
import { Warmer } from '../../../workers/runtime/warm/warmer.ts'
import { FILES, inProject } from '../../testing/project.ts'

const BILLING = FILES['pipelines/billing.yaml'] ?? ''
const steps = (text: string) => BILLING.replace(/steps:\n[^]*?(?=failure:)/, `steps:\n${text}`)
const CACHE = (id: string, key = 'event.data.sku') => `  - id: ${id}
    cache: { in: prices, key: ${key}, load: { call: quote, input: event.data } }
`
const CALL = '  - id: charged\n    call: { handler: charge, input: event.data }\n'

/** `given`: an id and a sku each. */
const warmed = (pipeline: string, given: readonly (readonly [id: string, sku: unknown])[]) =>
  inProject({ 'pipelines/billing.yaml': pipeline }, async (root) => {
    const compiled = compileFleet(root)
    expect(compiled.diagnostics).toEqual([])
    const plan = compiled.plan as FleetPlan
    const billing = plan.pipelines['billing'] as PipelinePlan
    const built = buildModules({ ...compiled, plan }, ['billing'])['billing'] ?? ''
    const module = (await import(pathToFileURL(built).href)) as PipelineModule
    const composition = createComposition({})
    const { world } = composition
    const counts = zeroCounts(plan, [billing])
    const connections = makeConnections(
      { plan, factories: composition.drivers(true), world, log: silentLog },
      ['hot'],
    )
    await connections.cache('hot').connect()
    const telemetry = composition.telemetry(noCounts, { complete: false })
    const called: unknown[] = []
    const warmer = new Warmer(
      {
        plan,
        prefix: '',
        connections,
        formats: () => undefined,
        breakers: new Breakers({ plan, pipelines: [billing], counts, world, log: silentLog }),
        handlers: {
          quote: (input) => {
            called.push(input)
            if ((input as { sku: string }).sku === 'bad') throw new Error('no such price')
            return { total: 5 }
          },
          charge: () => expect.fail('it is not for us to call'),
        },
        checkOf: checkerOf(plan),
        counts,
        world,
        log: silentLog,
        tracer: telemetry.tracer,
        meter: telemetry.meter,
        quarantine: undefined,
      },
      billing,
      module,
      undefined,
      4,
    )
    const outcomes: string[] = []
    for (const [offset, [id, sku]] of given.entries())
      outcomes.push(
        await warmer
          .warm(
            {
              offset,
              key: null,
              value: Buffer.from(JSON.stringify({ id, sku })),
              headers: {},
              timestamp: 0,
            },
            0,
          )
          .catch((error: unknown) => (error as Error).message),
      )
    await warmer.rest()
    await connections.cache('hot').close()
    return { outcomes, called: called.length, counts: counts.caches['prices'], sent: counts.sent }
  })

const warmable = (text: string) =>
  inProject({ 'pipelines/billing.yaml': steps(text) }, (root) => {
    const { plan, diagnostics } = compileFleet(root)
    expect(diagnostics).toEqual([])
    return warmableSteps(plan?.pipelines['billing']?.steps ?? []).map(({ id }) => id)
  })

test('what is filtered or invalid asks for nothing, what is there is not loaded again, and nothing is sent', async () => {
  const { outcomes, called, counts, sent } = await warmed(BILLING, [
    ['a', 'x'],
    ['b', 'free'],
    ['c', 7],
    ['d', 'x'],
    ['e', 'bad'],
    ['f', 'y'],
  ])
  expect(outcomes).toEqual([
    'asked',
    'filtered',
    'invalid',
    'asked',
    'handler quote: no such price',
    'asked',
  ])
  expect(called).toBe(3)
  expect(counts).toMatchObject({ loads: 2, hits: 1 })
  expect(Object.values(sent)).toEqual([0, 0, 0])
})

test('conditions, computed values, ways and items are followed up to the first call', async () => {
  const pipeline = steps(`  - id: letters
    map: { value: 'event.data.sku.split("")' }
  - id: told
    event: { to: billed, body: '{ total: 1 }' }
  - id: each
    split:
      over: letters
      as: letter
      steps:
${CACHE('one', 'letter').replaceAll(/^/gm, '      ').trimEnd()}
  - id: way
    route:
      branches:
        - when: event.data.sku.length === 2
          steps:
${CACHE('two', `'"two"'`).replaceAll(/^/gm, '          ').trimEnd()}
      otherwise: { fail: there are two }
${CACHE('three', `'"three"'`)}${CALL}${CACHE('four', `'"four"'`)}`)
  const { outcomes, counts } = await warmed(pipeline, [
    ['a', 'xy'],
    ['b', 'xyz'],
  ])
  expect(outcomes).toEqual(['asked', 'asked'])
  // x, y, two, three; then z, for there is no way for three letters.
  expect(counts).toMatchObject({ loads: 5, hits: 2 })
})

test.each([
  ['one at the beginning', CACHE('one') + CALL, ['one']],
  ['one behind a call', CALL + CACHE('one'), []],
  ['one before and one behind a call', CACHE('one') + CALL + CACHE('two', `'"b"'`), ['one']],
])('of %s those that need no call can be warmed', async (_, text, expected) => {
  expect(await warmable(text)).toEqual(expected)
})
