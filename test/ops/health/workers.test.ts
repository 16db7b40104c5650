// The workers of a fleet as health sees them: who is ready, and how often their caches answer, each at its threshold.
import { expect, test } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { silentLog } from '../../../workers/core/log.ts'
import { createVirtualClock } from '../../../workers/core/virtual-clock.ts'
import { EmbeddedRedis } from '../../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../../workers/drivers/embedded/state-driver.ts'
import { CacheWatch } from '../../../workers/ops/health/cache-hits.ts'
import { workersHealth } from '../../../workers/ops/health/workers.ts'
import { compiledShop } from '../project.ts'

const { plan: shop } = compiledShop()
const plan = {
  ...shop,
  workers: { all: { pipelines: ['billing'], replicas: 1 } },
  health: { ...shop.health, hitPercent: { warn: 50, fail: 10 } },
}

async function health(state: 'ready' | 'unready', hits: number, misses: number) {
  const clock = createVirtualClock(0)
  const world = { ...systemWorld, clock }
  const context = { world, log: silentLog, origin: 'test', clientId: 'test' }
  const store = createEmbeddedStateDriver(new EmbeddedRedis(clock).state, context)
  await store.connect()
  const status = {
    version: 1,
    id: 'p1',
    worker: 'all',
    pipelines: ['billing'],
    state,
    problem: state === 'ready' ? '' : 'pipeline billing: paused by its guard (SLU5502)',
    counts: {},
    caches: { prices: { hits, misses, loads: 0, bypassed: 0 } },
  }
  const folder = `${plan.fleet}:workers`
  await store.write({ folder, name: 'p1', text: JSON.stringify(status), ttlMs: 10_000 })
  return workersHealth(plan, '', store, world, new CacheWatch())
}

test('a worker is there when enough of its processes are ready', async () => {
  expect(await health('ready', 0, 0)).toMatchObject({
    status: 'pass',
    byName: { all: { declared: 1, ready: 1 } },
  })
  expect(await health('unready', 0, 0)).toMatchObject({
    status: 'warn',
    byName: { all: { declared: 1, ready: 0 } },
    checks: [
      { name: 'all', detail: '0 of 1 ready; pipeline billing: paused by its guard (SLU5502)' },
      { name: 'cache prices' },
    ],
  })
})

test.each([
  ['enough', 50, 50, 'pass'],
  ['too little', 49, 51, 'warn'],
  ['hardly ever', 9, 91, 'fail'],
  ['never, and was hardly asked', 0, 99, 'pass'],
])('a cache that answers %s', async (_what, hits, misses, status) => {
  const found = await health('ready', hits, misses)
  expect(found.caches).toEqual({ prices: { asked: hits + misses, hits } })
  expect(found.checks.find(({ name }) => name === 'cache prices')?.status).toBe(status)
})
