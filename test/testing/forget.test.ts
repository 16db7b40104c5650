// A pipeline whose steps tag and forget entries of a cache: what is loaded anew, what waits, what is said of it.
import { expect, test } from 'vitest'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import { breakersOf } from '../../workers/runtime/breaker-use.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { failuresOf, FILES, HANDLERS, inProject, oneCase, runOne } from './project.ts'

const forgetting = (step = 'forget: { in: prices, tag: event.data.sku.length }') => ({
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '')
    .replace(
      '      key: event.data.sku\n',
      "      key: event.data.sku\n      tags: '[event.data.sku.length]'\n",
    )
    .replace(
      '  - id: settle\n',
      `  - id: changed\n    when: event.data.id === 'x9'\n    ${step}\n  - id: settle\n`,
    ),
})

const order = (id: string, sku: string, more = '') =>
  `{ key: k, value: { id: ${id}, sku: ${sku} }${more} }`

test('what has the tag is loaded anew, what has another answers on', async () => {
  const result = await runOne(
    oneCase(
      `events: [${order('a1', 'ab')}, ${order('a2', 'abc')}, ${order('a3', 'ab')}, ${order('x9', 'ef')}, ${order('a4', 'ab')}, ${order('a5', 'abc')}]`,
      'calls: { quote: 4 }\nothers: allow',
    ),
    HANDLERS,
    forgetting(),
  )
  expect(failuresOf(result)).toEqual([])
  const stories = result.cases[0]?.given.map(({ story }) => story?.steps.map((step) => step.cache))
  expect(stories?.map((steps) => steps?.[0])).toEqual([
    'miss',
    'miss',
    'hit',
    'miss',
    'miss',
    'hit',
  ])
  expect(stories?.[3]?.[2]).toBe('forgotten')
})

test('while Redis is away the message that forgets waits, though its cache may be bypassed', async () => {
  const result = await runOne(
    oneCase(
      `events: [${order('x9', 'ab', ', after: 1m')}]
faults: [{ connection: hot, away: { from: 30s, for: 2m } }]`,
      'counts: { acked: 1, retried: 0 }\nothers: allow',
    ),
    HANDLERS,
    forgetting(),
  )
  expect(failuresOf(result)).toEqual([])
  expect(result.cases[0]?.given[0]?.story?.tookMs).toBeGreaterThan(80_000)
})

test('what is forgotten is an effect: it is named, or the case fails', async () => {
  const given = `events: [${order('x9', 'ab')}]
handlers: { charge: [{ throw: { message: not now } }, { return: {} }] }`
  const events = 'events: { billed: [{ value: { total: 5 } }] }\n'
  // Another attempt does not forget again.
  const named = await runOne(
    oneCase(given, `${events}forgotten: { prices: [{ tag: '2' }] }`),
    HANDLERS,
    forgetting(),
  )
  expect(failuresOf(named)).toEqual([])
  const unnamed = await runOne(oneCase(given, events), HANDLERS, forgetting())
  expect(failuresOf(unnamed)).toEqual([expect.stringContaining('cache prices: a tag arrived')])
  const another = await runOne(
    oneCase(given, `${events}forgotten: { prices: [{ tag: '3' }] }`),
    HANDLERS,
    forgetting(),
  )
  expect(failuresOf(another)).toEqual([expect.stringContaining('tag is not as expected')])
})

test('a breaker of the connection holds the pipeline, though its cache may be bypassed', async () => {
  const files = {
    ...forgetting(),
    'pipelines/fleet.yaml': (FILES['pipelines/fleet.yaml'] ?? '')
      .replace('hot: { redis: {', 'hot: { redis: { breaker: cache_server,')
      .concat(
        'policies: { breakers: { cache_server: { window: 20, minimum: 2, failureRate: 50, open: 1m, probes: 1 } } }\n',
      ),
  }
  const { plan, diagnostics } = await inProject(files, compileFleet)
  expect(diagnostics).toEqual([])
  const uses = breakersOf(plan as FleetPlan, plan?.pipelines['billing'] as PipelinePlan)
  expect(uses.filter(({ needed }) => needed)).toEqual([{ name: 'cache_server', needed: true }])
})

test.each([
  ['a store', 'totals', 'SLU0304'],
  ['a cache that nobody tags', 'others', 'SLU0570'],
])('%s is nothing to forget in', async (_, name, code) => {
  const files = {
    ...forgetting(`forget: { in: ${name}, tag: event.data.sku }`),
    'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}  others: { in: hot, ttl: 5m, schema: events/bill, whenDown: bypass }
state: { in: hot }
stores:
  totals: { in: hot, ttl: 1h, schema: events/bill }
`,
  }
  const { diagnostics } = await inProject(files, compileFleet)
  expect(diagnostics.map((one) => one.code)).toEqual([code])
})
